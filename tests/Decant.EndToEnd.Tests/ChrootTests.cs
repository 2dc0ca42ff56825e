namespace Decant.EndToEnd.Tests;

/// <summary>Callers whose root directory is no mount, as after chroot(8).</summary>
public sealed class ChrootTests
{
    // A directory with the host's programs, decant and a root file system, in a mount namespace that passes mounts on as a host with systemd does.
    static ProgramResult InChroot(User user, string script)
    {
        string place = HostileRoot.New("mkdir root; mv * root 2>/dev/null; mkdir usr proc sys dev mnt tmp; chmod 1777 tmp");
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["place"] = place;
        variables["decant"] = "/decant";
        variables["binary"] = Workplace.Decant;
        variables["DECANT_ROOT"] = "/tmp/store";
        return Shell.Execute(
            ["unshare", "--mount", "--propagation", "shared", "--", "/bin/bash", "-c", """
                for d in usr proc sys dev; do mount --rbind /$d $place/$d || exit 91; done
                for d in bin lib lib64 sbin; do ln -s usr/$d $place/$d; done
                cp $binary $place/decant
                before=$(cat /proc/self/mountinfo)
                chroot $place "$@"; code=$?
                [ "$before" = "$(cat /proc/self/mountinfo)" ] || { cat /proc/self/mountinfo >&2; exit 92; }
                exit $code
                """, "-", .. user.Prefix, "/bin/bash", "-c", script],
            variables);
    }

    [Fact]
    public void Root_runs_programs_there_and_no_mount_of_theirs_gets_out() =>
        InChroot(User.Root, """
            $decant run -v /usr:/host:ro rootfs:/root sh -c 'cat /marker; ls -d /host/bin; echo x >/dev/null; grep -c " / / " /proc/self/mountinfo; ls -d /decant 2>&1'
            echo $?
            $decant run --pid private -w /tmp rootfs:/root sh -c 'pwd; echo $$; exit 7'
            echo $?
            """).ExpectOutput("image\n/host/bin\n1\nls: /decant: No such file or directory\n1\n/tmp\n1\n7\n");

    [Fact]
    public void An_ordinary_user_is_told_why_there_is_no_user_namespace() =>
        InChroot(User.Ordinary, "$decant run rootfs:/root true").ExpectError(125, "inside a chroot", "run decant as root");
}
