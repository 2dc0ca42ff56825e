using Decant.Linux;

namespace Decant.Devices.Tests;

public sealed class NvidiaHooksTests
{
    static CdiHook Hook(params string[] words) => new("createContainer", "/usr/bin/nvidia-cdi-hook", ["nvidia-cdi-hook", .. words]);

    static string Error(CdiHook hook) => Assert.Throws<DecantException>(() => NvidiaHooks.Parse([hook], "--device v/c=x")).Message;

    [Fact]
    public void Each_hook_of_nvidia_s_is_understood()
    {
        NvidiaHooks hooks = NvidiaHooks.Parse(
        [
            Hook("create-symlinks", "--link", "libcuda.so.1::/usr/lib/libcuda.so", "--link=a::/b,c::/d"),
            Hook("create-symlinks", "--link", "a::/b"),
            Hook("enable-cuda-compat", "--host-driver-version=580.1"),
            Hook("update-ldcache", "--ldconfig-path", "/sbin/ldconfig.real", "--folder", "/usr/lib", "--folder", "/usr/lib/vdpau"),
            Hook("--debug", "disable-device-node-modification"),
            Hook("update-application-profile"),
            Hook("chmod", "--mode", "755", "--path", "/dev/dri"),
            new CdiHook("createContainer", "/usr/bin/nvidia-ctk", ["nvidia-ctk", "hook", "update-ldcache", "--folder", "/usr/lib"]),
        ], "--device v/c=x");
        Assert.Equal([("libcuda.so.1", "/usr/lib/libcuda.so"), ("a", "/b"), ("c", "/d")], hooks.Links);
        Assert.Equal(["/usr/lib", "/usr/lib/vdpau"], hooks.Folders);
        Assert.Equal(new CudaCompatRequest("580.1", null, "/usr/local/cuda/compat"), hooks.Compat);
        Assert.Equal([("/dev/dri", 0x1EDu)], hooks.Modes);
        Assert.True(hooks.HidesDeviceFiles);
        Assert.True(hooks.LimitsGraphics);
    }

    [Theory]
    [InlineData("create-symlinks", "--link", "a::/b")]
    [InlineData("update-ldcache", "--folder=/usr/lib")]
    [InlineData("enable-cuda-compat", "--host-cuda-version=13.1", "--cuda-compat-container-root=/usr/local/cuda/compat_orin")]
    [InlineData("chmod", "--mode=755", "--path=/dev/dri")]
    [InlineData("disable-device-node-modification")]
    [InlineData("update-application-profile")]
    public void Where_a_container_s_root_is_written_matters_to_no_hook(params string[] words)
    {
        NvidiaHooks plain = NvidiaHooks.Parse([Hook(words)], "x");
        foreach (string[] more in (string[][])[["--container-spec", "/run/x/config.json"], ["--container-spec=-"]])
        {
            NvidiaHooks told = NvidiaHooks.Parse([Hook([.. words, .. more])], "x");
            Assert.Equal((plain.HidesDeviceFiles, plain.LimitsGraphics, plain.Compat), (told.HidesDeviceFiles, told.LimitsGraphics, told.Compat));
            Assert.Equal(plain.Links, told.Links);
            Assert.Equal(plain.Folders, told.Folders);
            Assert.Equal(plain.Modes, told.Modes);
        }
    }

    [Fact]
    public void Links_of_a_list_are_those_of_the_host()
    {
        using RecordedTree tree = new(RecordedTree.Jetson);
        string list = $"{tree.Root}/etc/nvidia-container-runtime/host-files-for-container.d/drivers.csv";
        NvidiaHooks hooks = NvidiaHooks.Parse([Hook("create-symlinks", "--csv-filename", list, "--host-root", tree.Root, "--link", "a::/b")], "x");
        Assert.Equal([("libcuda.so.1.1", "/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so"), ("a", "/b")], hooks.Links);
        Assert.Contains("reads /nowhere.csv, which is not there", Error(Hook("create-symlinks", "--csv-filename=/nowhere.csv")));
    }

    [Fact]
    public void A_hook_of_any_toolkit_s_program_is_known()
    {
        string[] link = ["create-symlinks", "--link", "a::/b"];
        CdiHook[] hooks =
        [
            new("createContainer", "/run/current-system/sw/bin/nvidia-ctk", ["nvidia-ctk", "--debug", "hook", .. link]),
            new("createContainer", "/usr/local/nvidia/toolkit/nvidia-ctk.real", ["nvidia-ctk.real", "hook", .. link]),
            new("createContainer", "/usr/local/nvidia/toolkit/nvidia-cdi-hook.real", ["nvidia-cdi-hook", "--quiet", .. link]),
        ];
        Assert.All(hooks, hook => Assert.Equal([("a", "/b")], NvidiaHooks.Parse([hook], "x").Links));
        NvidiaHooks nothing = NvidiaHooks.Parse([Hook("noop")], "x");
        Assert.Equal((0, 0, 0, false, false), (nothing.Links.Count, nothing.Folders.Count, nothing.Modes.Count, nothing.HidesDeviceFiles, nothing.LimitsGraphics));
        Assert.Null(nothing.Compat);
    }

    [Fact]
    public void What_decant_does_not_know_is_refused_by_name()
    {
        Assert.Contains("--device v/c=x: its specification wants a createContainer hook, the program /bin/sh", Error(new CdiHook("createContainer", "/bin/sh", ["sh", "-c", "true"])));
        Assert.Contains("reboot of nvidia-cdi-hook", Error(Hook("reboot", "--now")));
        Assert.Contains("the program /usr/bin/nvidia-ctk", Error(new CdiHook("createContainer", "/usr/bin/nvidia-ctk", ["nvidia-ctk", "cdi"])));
        Assert.Contains("the program /usr/bin/nvidia-cdi-hook", Error(Hook()));
        Assert.Contains("a poststop hook, update-ldcache", Error(Hook("update-ldcache") with { Name = "poststop" }));
        Assert.Contains("the option --root", Error(Hook("update-ldcache", "--root", "/")));
        Assert.Contains("the option --now", Error(Hook("noop", "--now")));
        Assert.Contains("the program /usr/bin/nvidia-ctk.real", Error(new CdiHook("createContainer", "/usr/bin/nvidia-ctk.real", ["nvidia-ctk.real", "runtime"])));
        Assert.Contains("the argument here", Error(Hook("update-ldcache", "here")));
        Assert.Contains("a::b::c", Error(Hook("create-symlinks", "--link", "a::b::c")));
        Assert.Contains("mode 8", Error(Hook("chmod", "--mode", "8")));
        Assert.Contains("no mode", Error(Hook("chmod", "--path", "/dev")));
    }
}
