namespace Decant.EndToEnd.Tests;

/// <summary>A root file system of the host's with another file system mounted below it, as / itself has.</summary>
public sealed class LockedMountTests
{
    public static TheoryData<User> Both => User.Both;

    /// <summary>$root is that directory; /data in it is the mount, and anybody may write to both.</summary>
    static ProgramResult WithMountBelow(User user, string script)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["root"] = Workplace.NewDirectory(user);
        variables["image"] = TestImages.File("busybox.export.tar");
        return Shell.Execute(
            ["unshare", "--mount", "--", "/bin/bash", "-c", """
                tar -C $root -xf $image --exclude='dev/*' || exit 91
                mkdir -p -m 777 $root/data $root/own; chmod 777 $root/own; mount -t tmpfs -o mode=777 none $root/data || exit 92
                exec "$@"
                """, "-", .. user.Prefix, "/bin/bash", "-c", script],
            variables);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void It_runs_read_only_and_nothing_below_it_can_be_written(User user) =>
        WithMountBelow(user, """
            "$decant" run --read-only rootfs:$root sh -c 'echo ran; for d in /own /data; do echo x 2>/dev/null >$d/x && echo written $d; done; true'
            "$decant" run --read-only --tmpfs /data rootfs:$root sh -c 'echo x >/data/x && cat /data/x'
            ls -A $root/own; ls -A $root/data
            """).ExpectOutput("ran\nx\n");

    [Fact]
    public void An_ordinary_user_is_told_why_it_cannot_be_written_over()
    {
        ProgramResult result = WithMountBelow(User.Ordinary, "\"$decant\" run rootfs:$root true");
        result.ExpectError(125, "/data is mounted below ", "the kernel lets only root", "--read-only", "decant pull rootfs:");
        Assert.DoesNotContain("NFS", result.Error);
        WithMountBelow(User.Root, "\"$decant\" run rootfs:$root true").Expect(0);
    }

    [Fact]
    public void An_overlay_of_it_is_explained_in_the_same_way() =>
        WithMountBelow(User.Ordinary, "\"$decant\" run --read-only --mount type=overlay,source=$root,target=/own rootfs:$root true")
            .ExpectError(125, "overlay of ", "/data is mounted below ", "overlay a directory without mounts below it");

    [Fact]
    public void A_script_that_could_not_keep_it_from_being_written_is_refused() =>
        WithMountBelow(User.Ordinary, "\"$decant\" script --read-only rootfs:$root -- true").ExpectError(125, "a shell cannot make the mounts below");
}
