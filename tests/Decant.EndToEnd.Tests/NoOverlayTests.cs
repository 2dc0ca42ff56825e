using System.Collections.Concurrent;

namespace Decant.EndToEnd.Tests;

/// <summary>Runs where /proc/filesystems has no overlayfs: only --read-only is left, on one directory made of the image's layers.</summary>
public sealed class NoOverlayTests
{
    public static TheoryData<User> Both => User.Both;

    /// <summary>Stores of their own: the directory is made of hard links, which the image's files show in every run from then on.</summary>
    static readonly ConcurrentDictionary<User, string> stores = new();

    /// <summary>Shell commands for a mount namespace, after which no overlayfs is to be seen there.</summary>
    internal const string HideOverlay = """
        list=$(mktemp); grep -v overlay /proc/filesystems >$list
        mount --bind $list /proc/filesystems && rm $list || exit 91
        [ ! -d /lib/modules ] || mount -t tmpfs none /lib/modules || exit 91
        """;

    static string StoreWithLayers(User user) => stores.GetOrAdd(user, _ =>
    {
        string store = Workplace.NewDirectory(user);
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["DECANT_ROOT"] = store;
        Shell.Execute([.. user.Prefix, Workplace.Decant, "pull", $"docker-archive:{TestImages.File("layers.docker.tar")}", "layers"], variables).Expect(0);
        return store;
    });

    static ProgramResult WithoutOverlay(User user, string script, string place = "")
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["DECANT_ROOT"] = StoreWithLayers(user);
        variables["place"] = place;
        variables["image"] = TestImages.File("layers.docker.tar");
        return Shell.Execute(
            ["unshare", "--mount", "--", "/bin/bash", "-c", $"""
                {HideOverlay}
                exec "$@"
                """, "-", .. user.Prefix, "/bin/bash", "-c", script],
            variables);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_read_only_run_sees_what_the_layers_show_together(User user)
    {
        const string Look = """
            cd /; find . -xdev -mindepth 1 ! -path './etc*' ! -path './dev*' ! -path './proc*' ! -path './sys*' -exec stat -c '%n %F %a %u:%g %Y' {} + | sort
            find . -xdev -type f ! -path './etc*' -exec md5sum {} + | sort
            """;
        TestImages.Pulled(user, "layers");
        string merged = DecantBinary.Run(user, "run", "--read-only", "layers", "sh", "-c", Look).Expect(0).Output;
        Assert.Contains("./a/gone/again", merged);
        WithoutOverlay(user, $"""
            "$decant" run --read-only layers sh -c "{Look}"
            """).ExpectOutput(merged);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_root_is_no_overlay_and_cannot_be_written_to(User user)
    {
        WithoutOverlay(user, """
            "$decant" run --read-only --tmpfs /tmp layers sh -c 'grep " / / " /proc/self/mountinfo | grep -c overlay; echo x >/new; echo x >/tmp/new && cat /tmp/new' 2>&1
            "$decant" script --read-only layers -- cat /a/gone/again | sh
            """).ExpectOutput("0\nsh: can't create /new: Read-only file system\nx\n3\n");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_kept_run_is_refused(User user)
    {
        WithoutOverlay(user, """
            "$decant" run --read-only --name without-overlay layers true; code=$?
            "$decant" rm without-overlay 2>/dev/null && echo "a run was left"; exit $code
            """).ExpectError(125, "no overlayfs", "--name");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_directory_is_made_once_and_goes_with_its_layers(User user) =>
        WithoutOverlay(user, """
            export DECANT_ROOT=$place/store
            "$decant" pull docker-archive:$image x >/dev/null 2>&1 || exit 3
            for i in 1 2 3 4 5; do "$decant" run --read-only x cat /a/gone/again & done; wait
            ls -d $DECANT_ROOT/layers/*/flat | wc -l
            "$decant" run --read-only x sh -c 'echo up; sleep 60' >$place/out & pid=$!
            until [ -s $place/out ]; do sleep 0.05; done
            "$decant" rm x >/dev/null; ls -d $DECANT_ROOT/layers/*/flat | wc -l
            kill $pid; wait $pid
            "$decant" pull docker-archive:$image x >/dev/null 2>&1; "$decant" rm x >/dev/null
            find $DECANT_ROOT/layers $DECANT_ROOT/tmp -mindepth 1 | wc -l
            """, Workplace.NewDirectory(user)).ExpectOutput("3\n3\n3\n3\n3\n1\n1\n0\n");
}
