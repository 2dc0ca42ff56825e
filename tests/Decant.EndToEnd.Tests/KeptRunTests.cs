namespace Decant.EndToEnd.Tests;

public sealed class KeptRunTests
{
    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_named_run_keeps_what_it_wrote_until_it_is_removed(User user)
    {
        TestImages.Pulled(user, "busybox");
        QuietRoom.Run(user, """
            "$decant" run --name kept busybox sh -c 'echo first >/file; rm /etc/group; echo x >>/etc/passwd' &&
            "$decant" run --name kept busybox sh -c 'cat /file; ls /etc; echo second >/file' &&
            "$decant" run busybox sh -c 'cat /file 2>/dev/null || echo not here' &&
            "$decant" run --name kept busybox cat /file &&
            "$decant" rm kept &&
            "$decant" run --name kept busybox sh -c 'cat /file 2>/dev/null || echo gone' &&
            "$decant" rm kept
            """).Expect(0);
        ProgramResult listing = DecantBinary.Script(user, """
            "$decant" run --name kept busybox sh -c 'rm /bin/yes; echo first >/file' && "$decant" run --name kept busybox sh -c 'cat /file; ls /bin/yes 2>&1 | grep -c No'
            "$decant" run --rm --name kept busybox cat /file
            "$decant" run --name kept busybox sh -c 'cat /file 2>/dev/null || echo gone'; "$decant" rm kept
            """).Expect(0);
        Assert.Equal("first\n1\nfirst\ngone\n", listing.Output);
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Two_runs_of_one_name_do_not_share_an_upper_layer_at_once(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            coproc "$decant" run --name busy busybox sh -c 'echo ready; sleep 100'
            read -r _ <&"${COPROC[0]}"
            "$decant" run --name busy busybox true 2>&1 | grep -c busy
            "$decant" rm busy 2>&1 | grep -c busy
            kill $COPROC_PID; wait $COPROC_PID 2>/dev/null
            "$decant" run --name busy busybox echo free; "$decant" rm busy
            """).ExpectOutput("1\n1\nfree\n");
    }

    [Fact]
    public void A_kept_run_survives_a_kill()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            DecantBinary.Script(user, """
                coproc "$decant" run --name killed busybox sh -c 'echo kept >/file; echo ready; sleep 100'
                read -r _ <&"${COPROC[0]}"
                kill -KILL $COPROC_PID; wait $COPROC_PID 2>/dev/null
                for i in $(seq 50); do "$decant" run --name killed busybox cat /file 2>/dev/null && break; sleep 0.1; done
                "$decant" rm killed
                """).ExpectOutput("kept\n");
        }
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_launch_that_is_refused_leaves_no_run_and_keeps_one_that_was_there(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            "$decant" run --name refused -u nobody-knows busybox true 2>/dev/null; echo $?
            "$decant" images --runs -q | grep -c refused
            "$decant" run --name refused busybox sh -c 'echo kept >/file'
            "$decant" run --name refused -u nobody-knows busybox true 2>/dev/null; echo $?
            "$decant" run --name refused busybox cat /file; "$decant" rm refused
            """).ExpectOutput("125\n0\n125\nkept\n");
    }
}
