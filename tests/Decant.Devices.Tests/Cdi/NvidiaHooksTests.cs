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

    [Fact]
    public void What_decant_does_not_know_is_refused_by_name()
    {
        Assert.Contains("--device v/c=x: its specification wants a createContainer hook, the program /bin/sh", Error(new CdiHook("createContainer", "/bin/sh", ["sh", "-c", "true"])));
        Assert.Contains("reboot of nvidia-cdi-hook", Error(Hook("reboot", "--now")));
        Assert.Contains("the program /usr/bin/nvidia-ctk", Error(new CdiHook("createContainer", "/usr/bin/nvidia-ctk", ["nvidia-ctk", "cdi"])));
        Assert.Contains("the program /usr/bin/nvidia-cdi-hook", Error(Hook()));
        Assert.Contains("a poststop hook, update-ldcache", Error(Hook("update-ldcache") with { Name = "poststop" }));
        Assert.Contains("the option --root", Error(Hook("update-ldcache", "--root", "/")));
        Assert.Contains("the argument here", Error(Hook("update-ldcache", "here")));
        Assert.Contains("a::b::c", Error(Hook("create-symlinks", "--link", "a::b::c")));
        Assert.Contains("mode 8", Error(Hook("chmod", "--mode", "8")));
        Assert.Contains("no mode", Error(Hook("chmod", "--path", "/dev")));
    }
}
