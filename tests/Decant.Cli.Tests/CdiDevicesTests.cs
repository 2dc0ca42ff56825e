using Decant.Devices;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class CdiDevicesTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-cdi-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    LaunchSpec Apply(string edits, params string[] env)
    {
        File.WriteAllText($"{directory}/v.yaml", $"cdiVersion: 1.1.0\nkind: v/c\ndevices:\n- name: x\n  containerEdits: {{{edits.ReplaceLineEndings(" ")}}}\n");
        RootImage image = new("img", [directory], ImageRunConfig.Empty);
        return CdiDevices.Apply(new LaunchSpec { Image = image, Env = [.. env.Select(text => EnvText.Parse(text, "--env"))] }, [CdiName.Parse("v/c=x"), CdiName.Parse("v/c=x")], [directory]);
    }

    string Error(string edits) => Assert.Throws<DecantException>(() => Apply(edits)).Message;

    [Fact]
    public void Edits_become_what_a_launch_does()
    {
        LaunchSpec spec = Apply(
            """
            env: [A=1], deviceNodes: [{path: /dev/v, hostPath: /dev/null}], additionalGids: [44], intelRdt: {closID: a},
            mounts: [{hostPath: /usr, containerPath: /opt/v/, options: [ro, nosuid, rbind, rprivate]}],
            hooks: [{hookName: createContainer, path: /usr/bin/nvidia-cdi-hook, args: [nvidia-cdi-hook, create-symlinks, --link, "a::/b/../c"]},
                    {hookName: createContainer, path: /usr/bin/nvidia-cdi-hook, args: [nvidia-cdi-hook, update-ldcache, --folder, /opt/v]}]
            """, "B=2");
        Assert.Equal(new DeviceRequest("/dev/null", "/dev/v", "--device v/c=x"), Assert.Single(spec.Devices));
        Assert.Equal(["A=1 --device v/c=x", "B=2 --env"], spec.Env.Select(one => $"{one.Name}={one.Value} {one.Origin}"));
        DeviceEdits edits = spec.DeviceEdits!;
        MountRequest mount = Assert.Single(edits.Mounts);
        Assert.Equal(("/usr", "/opt/v", true, true, false, MountPropagation.Private), (mount.Source, mount.Target, mount.ReadOnly, mount.NoSuid, mount.NoDev, mount.Propagation));
        Assert.Equal([new LinkRequest("a", "/c")], edits.Links);
        Assert.Equal(["/opt/v"], edits.LibraryDirectories);
        Assert.Equal([44u], edits.Groups);
        Assert.Contains("intelRdt", Assert.Single(edits.NotDone));
    }

    [Fact]
    public void What_a_launch_cannot_do_is_refused()
    {
        Assert.Contains("the device node /dev/absent of its specification is not there", Error("deviceNodes: [{path: /dev/v, hostPath: /dev/absent}]"));
        Assert.Contains("dev/v, which is not an absolute path", Error("deviceNodes: [{path: dev/v}]"));
        Assert.Contains("moves the network device eth7", Error("netDevices: [{hostInterfaceName: eth7, name: eth0}]"));
        Assert.Contains("mounts a ext4, which decant does not", Error("mounts: [{hostPath: /dev/sda, containerPath: /x, type: ext4}]"));
        Assert.Contains("the mount option idmap", Error("mounts: [{hostPath: /usr, containerPath: /x, options: [bind, idmap]}]"));
        Assert.Contains("both must be absolute paths", Error("mounts: [{hostPath: usr, containerPath: /x}]"));
    }

    [Theory]
    [InlineData("bind", true)]
    [InlineData("rbind", false)]
    [InlineData("ro", false)]
    public void A_mount_has_what_lies_on_it_unless_its_specification_says_otherwise(string option, bool alone) =>
        Assert.Equal(alone, CdiMountText.Parse(new CdiMount("/a", "/b", [option]), "x").NonRecursive);

    [Fact]
    public void An_empty_file_system_is_mounted_too()
    {
        MountRequest mount = CdiMountText.Parse(new CdiMount("tmpfs", "/b", ["size=1m", "noexec"], "tmpfs"), "x");
        Assert.Equal((MountKind.Tmpfs, null, 1L << 20, true), (mount.Kind, mount.Source, mount.SizeBytes, mount.NoExec));
    }

    [Fact]
    public void A_name_is_no_path()
    {
        RunOptions options = new();
        Assert.Contains("no name of a CDI device", Assert.Throws<DecantException>(() => options.Table().Single(option => option.Name == "device").Apply("v/c=")).Message);
        Assert.Contains("neither an absolute path nor a CDI device", Assert.Throws<DecantException>(() => DeviceText.Parse("nvidia.com/gpu")).Message);
    }
}
