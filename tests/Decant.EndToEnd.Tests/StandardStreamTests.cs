namespace Decant.EndToEnd.Tests;

public sealed class StandardStreamTests
{
    public static TheoryData<User> Both => User.Both;

    static ProgramResult Script(User user, string script, byte[]? input = null)
    {
        TestImages.Pulled(user, "busybox");
        return DecantBinary.Script(user, script, input);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_hundred_megabytes_pass_through_a_pipe_unchanged(User user) =>
        Script(user, """
            want=$(head -c 100000000 /dev/zero | tr '\0' x | md5sum)
            got=$(head -c 100000000 /dev/zero | tr '\0' x | "$decant" run -i busybox cat | md5sum)
            [ "$want" = "$got" ] && echo same
            """).ExpectOutput("same\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_writer_ends_when_its_reader_does(User user) =>
        Script(user, "timeout 20 \"$decant\" run busybox yes | head -n 1; echo ${PIPESTATUS[0]}").ExpectOutput("y\n141\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Without_i_the_program_reads_nothing(User user) =>
        Script(user, "\"$decant\" run busybox cat; cat", "for the caller"u8.ToArray()).ExpectOutput("for the caller");

    [Theory]
    [MemberData(nameof(Both))]
    public void The_program_has_the_callers_own_files(User user) =>
        Script(user, """
            exec </etc/os-release
            want=$(stat -L -c %d:%i /dev/stdin)
            got=$("$decant" run -i busybox stat -L -c %d:%i /proc/self/fd/0)
            [ "$want" = "$got" ] && echo same
            """).ExpectOutput("same\n");

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void A_closed_stream_is_no_obstacle(string redirection)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            Script(user, $"\"$decant\" run busybox sh -c 'exit 7' {redirection}; echo $?").ExpectOutput("7\n");
            Script(user, $"\"$decant\" run -i busybox sh -c 'exit 7' {redirection}; echo $?").ExpectOutput("7\n");
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void No_other_file_descriptor_reaches_the_program(User user)
    {
        const string probe = "cd /proc/self/fd && echo *";
        string plain = Script(user, $"\"$decant\" run busybox sh -c '{probe}'").Expect(0).Output;
        string crowded = Script(user, $"exec 5</etc/passwd 7</ 19>/dev/null 63<&0; \"$decant\" run busybox sh -c '{probe}'").Expect(0).Output;
        Assert.Equal(plain, crowded);
        Assert.DoesNotContain(" 5", plain);
    }
}
