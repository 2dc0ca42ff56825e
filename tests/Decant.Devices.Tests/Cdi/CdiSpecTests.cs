using System.Text;
using CsCheck;
using Decant.Linux;

namespace Decant.Devices.Tests;

public sealed class CdiSpecTests
{
    static CdiSpec Read(string text) => CdiSpec.Read(Encoding.UTF8.GetBytes(text), "/etc/cdi/x.yaml");

    static string Error(string text) => Assert.Throws<DecantException>(() => Read(text)).Message;

    const string Everything = """
        # as nvidia-ctk writes it
        ---
        cdiVersion: 1.1.0
        kind: vendor.com/net.card
        annotations: {by: hand}
        devices:
            - name: "0"
              annotations:
                  rack: "7"
              containerEdits:
                  deviceNodes:
                      - path: /dev/card0
                        hostPath: /dev/vendor/card0
                        type: c
                        major: 226
                        minor: 1
                        fileMode: 0660
                        permissions: rw
                        uid: 5
                        gid: 44
                  additionalGids: [44, 0]
            - name: all
              containerEdits:
                  deviceNodes: [{path: /dev/card0}, {path: /dev/card1}]
        containerEdits:
            env:
                - CARD=yes
                - EMPTY=
            mounts:
                - hostPath: /usr/lib/libcard.so.1
                  containerPath: /usr/lib/libcard.so.1
                  type: bind
                  options: [ro, nosuid, rbind]
            hooks:
                - hookName: createContainer
                  path: /usr/bin/nvidia-cdi-hook
                  args: [nvidia-cdi-hook, update-ldcache, --folder, /usr/lib]
                  env: [DEBUG=no]
                  timeout: 5
            intelRdt: {closID: fast, schemata: ["L3:0=f"], enableMonitoring: true}
            netDevices:
                - {hostInterfaceName: eth7, name: eth0}
        """;

    [Fact]
    public void All_that_a_specification_can_say_is_read()
    {
        CdiSpec spec = Read(Everything);
        Assert.Equal(("1.1.0", "vendor.com/net.card"), (spec.Version, spec.Kind));
        Assert.Equal(["0", "all"], spec.Devices.Select(device => device.Name));
        CdiDeviceNode node = Assert.Single(spec.Devices[0].Edits.DeviceNodes);
        Assert.Equal(new CdiDeviceNode("/dev/card0") { HostPath = "/dev/vendor/card0", Type = "c", Major = 226, Minor = 1, FileMode = 0x1B0, Permissions = "rw", UserId = 5, GroupId = 44 }, node);
        Assert.Equal([44u], spec.Devices[0].Edits.AdditionalGroups);
        Assert.Equal(["CARD=yes", "EMPTY="], spec.Edits.Env);
        CdiMount mount = Assert.Single(spec.Edits.Mounts);
        Assert.Equal(("/usr/lib/libcard.so.1", "bind"), (mount.ContainerPath, mount.Type));
        Assert.Equal(["ro", "nosuid", "rbind"], mount.Options);
        CdiHook hook = Assert.Single(spec.Edits.Hooks);
        Assert.Equal(("createContainer", "/usr/bin/nvidia-cdi-hook"), (hook.Name, hook.Path));
        Assert.Equal(4, hook.Arguments.Count);
        Assert.True(spec.Edits.HasIntelRdt);
        Assert.Equal(["eth7"], spec.Edits.NetDevices);
    }

    [Fact]
    public void Json_is_read_as_well_and_names_count_in_any_case()
    {
        CdiSpec spec = Read("{\"cdiVersion\":\"0.7.0\",\"kind\":\"amd.com/gpu\",\n\t\"devices\":[{\"name\":\"0\",\"containerEdits\":{\"additionalGIDs\":[44],\"deviceNodes\":[{\"path\":\"\\/dev\\/kfd\",\"fileMode\":432}]}}]}");
        Assert.Equal(("/dev/kfd", 0x1B0u), (spec.Devices[0].Edits.DeviceNodes[0].Path, spec.Devices[0].Edits.DeviceNodes[0].FileMode!.Value));
        Assert.Equal([44u], spec.Devices[0].Edits.AdditionalGroups);
    }

    [Fact]
    public void An_anchor_stands_for_what_it_names()
    {
        CdiSpec spec = Read("cdiVersion: 0.3.0\nkind: v/c\ndevices:\n- name: a\n  containerEdits: &same {deviceNodes: [{path: /dev/a}]}\n- name: b\n  containerEdits: *same\n");
        Assert.Equal("/dev/a", spec.Devices[1].Edits.DeviceNodes[0].Path);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a: [", "/etc/cdi/x.yaml:2:1: While")]
    [InlineData("- a\n", "1:1: a specification must be a map")]
    [InlineData("kind: v/c\ndevices: [{name: a}]\n", "1:1: it has no cdiVersion")]
    [InlineData("cdiVersion: 0.2.0\nkind: v/c\ndevices: [{name: a}]\n", "1:13: cdiVersion 0.2.0 is none of 0.3.0")]
    [InlineData("cdiVersion: 9.9.9\nkind: v/c\ndevices: [{name: a}]\n", "none of 0.3.0, 0.4.0, 0.5.0, 0.6.0, 0.7.0, 0.8.0, 1.0.0, 1.1.0")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\n", "it has no devices")]
    [InlineData("cdiVersion: 0.3.0\ndevices: [{name: a}]\n", "it has no kind")]
    [InlineData("cdiVersion: 0.3.0\nkind: vc\ndevices: [{name: a}]\n", "2:7: kind vc is not VENDOR/CLASS")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c/d\ndevices: [{name: a}]\n", "2:7: kind v/c/d: the class has a /")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ncolour: red\n", "3:1: a specification has a field colour")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\nkind: v/d\n", "3:1: kind is given more than once")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: [{name: a}, {name: a}]\n", "3:29: there are two devices a")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: [{}]\n", "3:11: a device has no name")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: [{name: -a}]\n", "does not begin with a letter or digit")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: a\n", "3:10: devices must be a list")]
    [InlineData("cdiVersion: 0.4.0\nkind: v/c\ndevices: [{name: 0}]\n", "3:18: a device's name that begins with a digit needs cdiVersion 0.5.0 or later, and it is 0.4.0")]
    [InlineData("cdiVersion: 0.5.0\nkind: v/c.d\ndevices: [{name: a}]\n", "a class with a dot needs cdiVersion 0.6.0")]
    [InlineData("cdiVersion: 0.5.0\nkind: v/c\nannotations: {a: b}\ndevices: [{name: a}]\n", "3:14: annotations needs cdiVersion 0.6.0")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: [{name: a}]\n", "3:11: a device has no edits")]
    [InlineData("cdiVersion: 0.3.0\nkind: v/c\ndevices: [{name: a, containerEdits: {env: [], mounts: null}}]\n", "3:11: a device has no edits")]
    [InlineData("cdiVersion: 00.3.0\nkind: v/c\ndevices: [{name: a}]\n", "cdiVersion 00.3.0 is none of 0.3.0")]
    [InlineData("cdiVersion: 0.6.0\nkind: v/c\nannotations: {a: [b]}\ndevices: [{name: a}]\n", "3:18: an annotation must be a text")]
    public void What_is_no_specification_is_told_with_its_place(string text, string words) => Assert.Contains(words, Error(text));

    [Theory]
    [InlineData("env: [NOVALUE]", "NOVALUE is not NAME=VALUE")]
    [InlineData("env: [=x]", "=x is not NAME=VALUE")]
    [InlineData("deviceNodes: [{}]", "a device node has no path")]
    [InlineData("deviceNodes: [{path: /dev/a, type: z}]", "type z is none of b, c, u and p")]
    [InlineData("deviceNodes: [{path: /dev/a, permissions: rx}]", "permissions rx are not of r, w and m")]
    [InlineData("deviceNodes: [{path: /dev/a, major: many}]", "major must be a number")]
    [InlineData("deviceNodes: [{path: /dev/a, major: \"1\"}]", "major must be a number")]
    [InlineData("deviceNodes: [{path: /dev/a, uid: -1}]", "uid must be between 0 and 4294967295")]
    [InlineData("deviceNodes: [{path: /dev/a, hostPath: /dev/b}]", "hostPath of a device node needs cdiVersion 0.5.0")]
    [InlineData("mounts: [{hostPath: /a}]", "a mount has no containerPath")]
    [InlineData("mounts: [{containerPath: /a}]", "a mount has no hostPath")]
    [InlineData("mounts: [{hostPath: /a, containerPath: /a, type: none}]", "type of a mount needs cdiVersion 0.4.0")]
    [InlineData("hooks: [{hookName: whenever, path: /a}]", "hookName whenever is none of prestart")]
    [InlineData("hooks: [{hookName: createContainer}]", "a hook has no path")]
    [InlineData("additionalGids: [5]", "additionalGids needs cdiVersion 0.7.0")]
    [InlineData("intelRdt: {closID: a}", "intelRdt needs cdiVersion 0.7.0")]
    [InlineData("netDevices: [{hostInterfaceName: a, name: b}]", "netDevices needs cdiVersion 1.1.0")]
    [InlineData("netDevices: [{name: b}]", "needs hostInterfaceName and name")]
    [InlineData("intelRdt: {closID: ..}", "closID .. is no name of a directory")]
    [InlineData("intelRdt: {closID: a/b}", "closID a/b is no name of a directory")]
    [InlineData("netDevices: [{hostInterfaceName: a, name: b}, {hostInterfaceName: a, name: c}]", "there are two network devices a")]
    [InlineData("netDevices: [{hostInterfaceName: a, name: b}, {hostInterfaceName: c, name: b}]", "there are two network devices b")]
    public void What_edits_cannot_say_is_told(string edits, string words) =>
        Assert.Contains(words, Error($"cdiVersion: 0.3.0\nkind: v/c\ndevices:\n- name: a\n  containerEdits: {{{edits}}}\n"));

    [Theory]
    [InlineData("intelRdt: {}")]
    [InlineData("intelRdt: {closID: /}")]
    [InlineData("intelRdt: {closID: fast, schemata: null}")]
    [InlineData("additionalGids: [0]")]
    public void What_the_reference_library_takes_for_edits_is_taken(string edits) =>
        Assert.Equal("a", Assert.Single(Read($"cdiVersion: 0.7.0\nkind: v/c\nannotations: {{Example.com/a_B.9: x, a/b/c: x, _n: y}}\ndevices:\n- name: a\n  containerEdits: {{{edits}}}\n").Devices).Name);

    [Fact]
    public void A_small_text_that_says_it_many_times_over_ends_with_a_message()
    {
        string mounts = string.Join(",", Enumerable.Repeat("{hostPath: /a, containerPath: /a}", 100));
        string text = $"cdiVersion: 0.5.0\nkind: v/c\ncontainerEdits: &e {{mounts: [{mounts}]}}\ndevices:\n{string.Concat(Enumerable.Range(0, 5000).Select(i => $"- {{name: d{i}, containerEdits: *e}}\n"))}";
        Assert.True(text.Length < 300_000);
        Assert.Contains("values", Error(text));
    }

    [Fact]
    public void What_is_no_text_is_told() =>
        Assert.Contains("byte 3 is not UTF-8", Assert.Throws<DecantException>(() => CdiSpec.Read([0x61, 0x3a, 0x20, 0xff], "/x.yaml")).Message);

    [Fact]
    public void A_text_of_any_depth_ends_with_a_message() => Assert.Contains("levels", Error(new string('[', 5000)));

    [Fact]
    public void A_damaged_specification_is_read_or_told_and_nothing_else() => Gen.Select(Gen.Int[0, Everything.Length - 1], Gen.Char).Sample((at, c) =>
    {
        try
        {
            Read(Everything[..at] + c + Everything[(at + 1)..]);
        }
        catch (DecantException)
        {
        }
    }, iter: 3_000);

    [Theory]
    [InlineData("nvidia.com/gpu=0", null)]
    [InlineData("nvidia.com/gpu=GPU-12:3.x_y", null)]
    [InlineData("gpu=0", "no name of a CDI device")]
    [InlineData("nvidia.com/gpu=", "the name is empty")]
    [InlineData("/gpu=0", "the vendor is empty")]
    [InlineData("7.com/gpu=0", "the vendor does not begin with a letter")]
    [InlineData("a/b=c=d", "the name has a =")]
    [InlineData("a/b-=c", "the class does not end with a letter or digit")]
    public void A_device_s_name_has_three_parts(string text, string? words)
    {
        if (words is null)
            Assert.Equal(text, CdiName.Parse(text).ToString());
        else
            Assert.Contains(words, Assert.Throws<DecantException>(() => CdiName.Parse(text)).Message);
    }
}
