namespace Decant.EndToEnd.Tests;

/// <summary>Images whose usual places are links that lead nowhere, and directories of somebody else's.</summary>
public sealed class DanglingLinkTests
{
    public static TheoryData<string> Links => new(
        "rm -rf tmp; ln -s /no/such tmp",
        "rm -rf tmp var; ln -s var/tmp tmp",
        "rm -rf tmp var; ln -s /var/tmp tmp; ln -s nowhere/at/all var",
        "rm -f etc/resolv.conf; ln -s ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf",
        "rm -rf run etc/resolv.conf; ln -s /no/run run; ln -s ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf",
        "rm -rf etc; ln -s /no/such etc",
        "rm -rf etc tmp; ln -s tmp/etc etc; ln -s /no/tmp tmp",
        "rm -rf dev; ln -s /no/such dev",
        "rm -rf dev; mkdir dev; ln -s /no/shm dev/shm; ln -s /no/pts dev/pts; ln -s /no/null dev/null",
        "rm -rf proc sys; ln -s no/proc proc; ln -s /no/sys sys");

    const string Program = "echo x >/tmp/new && [ -s /etc/hosts ] && [ -s /etc/resolv.conf ] && [ -d /proc/self ] && [ -c /dev/null ] && [ -d /sys/kernel ] && echo ok";

    static void RunsAsPlanned(User user, string root)
    {
        DecantBinary.Run(user, "run", $"rootfs:{root}", "/bin/sh", "-c", Program).ExpectOutput("ok\n");
        string script = DecantBinary.Run(user, "script", $"rootfs:{root}", "--", "/bin/sh", "-c", Program).Expect(0).Output;
        Shell.Run(user, script).ExpectOutput("ok\n");
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void What_a_link_of_the_image_lacks_is_made_inside_the_root(string spoil)
    {
        string root = HostileRoot.New(spoil);
        string before = HostileRoot.Fingerprint(root);
        RunsAsPlanned(User.Root, root);
        RunsAsPlanned(User.Ordinary, root);
        Assert.Equal(before, HostileRoot.Fingerprint(root));
        Shell.Run("[ ! -e /no ]").Expect(0);
    }

    [Fact]
    public void The_temporary_directory_of_a_root_that_belongs_to_another_user_is_writable() =>
        RunsAsPlanned(User.Ordinary, HostileRoot.New("chmod 1777 tmp; touch tmp/old"));

    [Fact]
    public void A_kept_run_comes_back_through_the_link()
    {
        string root = HostileRoot.New("rm -rf tmp; ln -s /no/such tmp");
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            DecantBinary.Run(user, "run", "--name", "dangling", $"rootfs:{root}", "/bin/sh", "-c", "echo kept >/tmp/file").Expect(0);
            DecantBinary.Run(user, "run", "--name", "dangling", "--rm", $"rootfs:{root}", "/bin/cat", "/tmp/file").ExpectOutput("kept\n");
        }
    }
}
