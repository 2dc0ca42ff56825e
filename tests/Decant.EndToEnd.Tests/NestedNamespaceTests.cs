namespace Decant.EndToEnd.Tests;

/// <summary>decant inside a user namespace: uid 0 there is not the host's root.</summary>
public sealed class NestedNamespaceTests
{
    public static TheoryData<User> Both => User.Both;

    static ProgramResult Script(User user, string script)
    {
        TestImages.Pulled(user, "busybox");
        return DecantBinary.Script(user, script);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Uid_0_of_an_ordinary_users_namespace_runs_images_as_that_user_does(User user) =>
        Script(user, """
            unshare --map-root-user -- "$decant" run busybox id -u
            unshare --map-root-user -- "$decant" run --root busybox id -u
            unshare --map-root-user -- "$decant" run -u 5 busybox id -u
            unshare --map-root-user -- "$decant" run busybox sh -c 'echo x >/new; cat /new'
            """).ExpectOutput("0\n0\n5\nx\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Uid_0_of_an_ordinary_users_namespace_unpacks_as_that_user_does(User user)
    {
        Dictionary<string, string> variables = new()
        {
            ["decant"] = Workplace.Decant,
            ["DECANT_ROOT"] = Workplace.NewDirectory(user) + "/store",
            ["image"] = TestImages.File("bookworm.export.tar"),
        };
        ProgramResult result = Shell.Run(user, """
            unshare --map-root-user -- "$decant" pull tar:$image bookworm
            unshare --map-root-user -- "$decant" run bookworm sh -c 'stat -c %u /etc/gshadow'
            """, variables).ExpectOutput("bookworm\n0\n");
        Assert.Contains("files of other owners belong to this user now", result.Error);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_host_report_of_uid_0_in_such_a_namespace_says_that_runs_work(User user)
    {
        ProgramResult report = Script(user, """unshare --map-root-user -- "$decant" host""");
        Assert.Contains("User namespaces: ", report.Expect(0).Output);
        Assert.Contains("one was made and mounted in", report.Output);
        Assert.DoesNotContain("only root can run images", report.Output);
    }

    [Theory]
    [InlineData("--root")]
    [InlineData("-u 5")]
    [InlineData("")]
    public void Decant_runs_inside_decant(string options)
    {
        TestImages.Pulled(User.Ordinary, "bookworm");
        Script(User.Ordinary, $$"""
            inside() { "$decant" run {{options}} -v "$decant:/decant:ro" -v "$DECANT_ROOT:/store" -e DECANT_ROOT=/store bookworm /decant run "$@"; }
            inside busybox echo plain; inside --root busybox id -u; inside -u 7 busybox id -u
            """).ExpectOutput("plain\n0\n7\n");
    }

    [Fact]
    public void Root_without_the_right_to_become_others_is_told_so() =>
        Script(User.Root, """
            setpriv --bounding-set -setgid,-setuid --inh-caps -all -- "$decant" run -u 5 busybox true
            """).ExpectError(125, "CAP_SETUID, CAP_SETGID", "fix: ");

    [Fact]
    public void A_namespace_with_a_range_of_users_has_those_and_opaque_directories()
    {
        Dictionary<string, string> variables = DecantBinary.Variables(User.Root);
        variables["DECANT_ROOT"] = Workplace.NewDirectory(new User("the range's first", 100000)) + "/store";
        variables["image"] = TestImages.File("layers.docker.tar");
        Shell.Run(User.Root, """
            enter() { nsenter -t $range -U -S 0 -G 0 -- "$decant" "$@"; }
            unshare --user sleep 60 & range=$!
            trap 'kill $range' EXIT
            until [ $(readlink /proc/$range/ns/user) != $(readlink /proc/$$/ns/user) ]; do sleep 0.01; done
            echo 0 100000 65536 >/proc/$range/uid_map; echo 0 100000 65536 >/proc/$range/gid_map
            enter pull docker-archive:$image layers 2>/dev/null; enter run layers ls /a/opaque; enter run -u 5 layers id -u
            enter run -u 70000 layers true 2>&1 | grep -o 'maps no such user or group as 70000:0'
            """, variables).ExpectOutput("layers\nnew\n5\nmaps no such user or group as 70000:0\n");
    }
}
