namespace Decant.EndToEnd.Tests;

/// <summary>Hosts where the store, or what is bound, lies on a file system mounted noexec and nosuid.</summary>
public sealed class RestrictedMountTests
{
    public static TheoryData<User> Both => User.Both;

    /// <summary>$place is a directory of the user's on such a file system, and the store lies in it.</summary>
    static ProgramResult OnRestricted(User user, bool overlay, string script)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["place"] = Workplace.NewDirectory(user);
        variables["DECANT_ROOT"] = variables["place"] + "/store";
        variables["image"] = TestImages.File("busybox.docker.tar");
        return Shell.Execute(
            ["unshare", "--mount", "--", "/bin/bash", "-c", $"""
                mount -t tmpfs -o noexec,nosuid,mode=755,uid={user.Id},gid={user.Id} none $place || exit 91
                {(overlay ? "" : NoOverlayTests.HideOverlay)}
                exec "$@"
                """, "-", .. user.Prefix, "/bin/bash", "-c", "\"$decant\" pull docker-archive:$image busybox 2>/dev/null >/dev/null || exit 92\n" + script],
            variables);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void An_overlay_of_a_store_there_executes_all_the_same(User user) =>
        OnRestricted(user, overlay: true, """
            "$decant" run busybox echo ephemeral; "$decant" run --read-only busybox echo read-only
            "$decant" run --name kept busybox echo kept; "$decant" rm kept >/dev/null
            """).ExpectOutput("ephemeral\nread-only\nkept\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Without_an_overlay_the_error_says_why_nothing_there_executes(User user) =>
        OnRestricted(user, overlay: false, """
            "$decant" run --read-only busybox /bin/busybox true
            """).ExpectError(126, "/bin/busybox: Permission denied", "mounted noexec", "remount it exec");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_program_in_a_bind_is_refused_for_the_binds_own_file_system(User user) =>
        OnRestricted(user, overlay: true, """
            cp /bin/true $place/program
            "$decant" run -v $place:/data busybox /data/program
            """).ExpectError(126, "/data/program: Permission denied", "mounted noexec");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_file_without_the_permission_is_not_blamed_on_the_mount(User user)
    {
        ProgramResult result = OnRestricted(user, overlay: true, """
            "$decant" run busybox /etc/passwd
            """);
        result.ExpectError(126, "/etc/passwd: Permission denied");
        Assert.DoesNotContain("noexec", result.Error);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_host_report_names_the_mount_and_the_consequence(User user) =>
        OnRestricted(user, overlay: true, """
            "$decant" host | grep -A2 '  *Store:' | grep -o 'mounted noexec\|runs without overlayfs\|remount,exec'
            """).ExpectOutput("mounted noexec\nruns without overlayfs\nremount,exec\n");
}
