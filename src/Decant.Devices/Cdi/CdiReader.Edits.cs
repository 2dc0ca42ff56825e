using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <content>containerEdits.</content>
sealed partial class CdiReader
{
    static readonly string[] hookNames = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    CdiEdits Edits(YamlNode node)
    {
        CdiEdits edits = CdiEdits.None;
        Map(node, "containerEdits", (name, value) => name switch
        {
            "env" => Do(() => edits = edits with { Env = List(value, "env", Variable) }),
            "devicenodes" => Do(() => edits = edits with { DeviceNodes = List(value, "deviceNodes", DeviceNode) }),
            "mounts" => Do(() => edits = edits with { Mounts = List(value, "mounts", Mount) }),
            "hooks" => Do(() => edits = edits with { Hooks = List(value, "hooks", Hook) }),
            "additionalgids" => Do(() => edits = edits with { AdditionalGroups = Groups(value) }),
            "intelrdt" => Do(() => edits = edits with { HasIntelRdt = IntelRdt(value) }),
            "netdevices" => Do(() => edits = edits with { NetDevices = NetDevices(value) }),
            _ => false,
        });
        return edits;
    }

    /// <summary>Whether there is anything in them: an empty list is nothing, and intelRdt is something whatever it says.</summary>
    static bool SaysSomething(YamlNode edits) =>
        edits.Members?.Exists(member => member.Value is { Items.Count: > 0 } or { Members: not null }) == true;

    string Variable(YamlNode node)
    {
        string text = Text(node, "env");
        return text.IndexOf('=') > 0 ? text : throw Wrong(node, $"{PathBytes.Printable(text)} is not NAME=VALUE");
    }

    CdiDeviceNode DeviceNode(YamlNode node)
    {
        CdiDeviceNode device = new("");
        Map(node, "a device node", (name, value) => name switch
        {
            "path" => Do(() => device = device with { Path = Required(value, "path") }),
            "hostpath" => Do(() => device = device with { HostPath = HostPath(value) }),
            "type" => Do(() => device = device with { Type = DeviceType(value) }),
            "major" => Do(() => device = device with { Major = Number(value, "major", long.MinValue, long.MaxValue) }),
            "minor" => Do(() => device = device with { Minor = Number(value, "minor", long.MinValue, long.MaxValue) }),
            "filemode" => Do(() => device = device with { FileMode = value.IsNull ? null : (uint)Number(value, "fileMode", 0, uint.MaxValue) }),
            "permissions" => Do(() => device = device with { Permissions = Permissions(value) }),
            "uid" => Do(() => device = device with { UserId = value.IsNull ? null : (uint)Number(value, "uid", 0, uint.MaxValue) }),
            "gid" => Do(() => device = device with { GroupId = value.IsNull ? null : (uint)Number(value, "gid", 0, uint.MaxValue) }),
            _ => false,
        });
        return device.Path.Length > 0 ? device : throw Wrong(node, "a device node has no path");
    }

    string? HostPath(YamlNode node)
    {
        string path = Text(node, "hostPath");
        if (path.Length == 0)
            return null;
        parts.Add((CdiVersion.HostPath, "hostPath of a device node", node));
        return path;
    }

    string? DeviceType(YamlNode node) => Text(node, "type") switch
    {
        "" => null,
        ("b" or "c" or "u" or "p") and var type => type,
        var type => throw Wrong(node, $"type {PathBytes.Printable(type)} is none of b, c, u and p"),
    };

    string? Permissions(YamlNode node)
    {
        string text = Text(node, "permissions");
        if (text.Length == 0)
            return null;
        return text == "none" || text.AsSpan().IndexOfAnyExcept("rwm") < 0 ? text : throw Wrong(node, $"permissions {PathBytes.Printable(text)} are not of r, w and m");
    }

    CdiMount Mount(YamlNode node)
    {
        CdiMount mount = new("", "", []);
        Map(node, "a mount", (name, value) => name switch
        {
            "hostpath" => Do(() => mount = mount with { HostPath = Required(value, "hostPath") }),
            "containerpath" => Do(() => mount = mount with { ContainerPath = Required(value, "containerPath") }),
            "options" => Do(() => mount = mount with { Options = Texts(value, "options") }),
            "type" => Do(() => mount = mount with { Type = MountType(value) }),
            _ => false,
        });
        if (mount.HostPath.Length == 0)
            throw Wrong(node, "a mount has no hostPath");
        return mount.ContainerPath.Length > 0 ? mount : throw Wrong(node, "a mount has no containerPath");
    }

    string? MountType(YamlNode node)
    {
        string type = Text(node, "type");
        if (type.Length == 0)
            return null;
        parts.Add((CdiVersion.MountType, "type of a mount", node));
        return type;
    }

    CdiHook Hook(YamlNode node)
    {
        CdiHook hook = new("", "", []);
        Map(node, "a hook", (name, value) => name switch
        {
            "hookname" => Do(() => hook = hook with { Name = HookName(value) }),
            "path" => Do(() => hook = hook with { Path = Required(value, "path") }),
            "args" => Do(() => hook = hook with { Arguments = Texts(value, "args") }),
            "env" => Do(() => List(value, "env", Variable)),
            "timeout" => Do(() => Number(value, "timeout", int.MinValue, int.MaxValue)),
            _ => false,
        });
        if (hook.Name.Length == 0)
            throw Wrong(node, "a hook has no hookName");
        return hook.Path.Length > 0 ? hook : throw Wrong(node, "a hook has no path");
    }

    string HookName(YamlNode node)
    {
        string name = Text(node, "hookName");
        return Array.IndexOf(hookNames, name) >= 0 ? name : throw Wrong(node, $"hookName {PathBytes.Printable(name)} is none of {string.Join(", ", hookNames)}");
    }

    List<uint> Groups(YamlNode node)
    {
        List<uint> groups = List(node, "additionalGids", item => (uint)Number(item, "additionalGids", 0, uint.MaxValue));
        if (groups.Count > 0)
            parts.Add((CdiVersion.AdditionalGroups, "additionalGids", node));
        groups.RemoveAll(group => group == 0);
        return groups;
    }

    bool IntelRdt(YamlNode node)
    {
        if (node.IsNull)
            return false;
        parts.Add((CdiVersion.IntelRdt, "intelRdt", node));
        Map(node, "intelRdt", (name, value) => name switch
        {
            "closid" => Do(() => CheckClass(value)),
            "l3cacheschema" or "membwschema" => Do(() => Text(value, name)),
            // Gone since 1.1.0.
            "enablecmt" or "enablembm" => Do(() => Boolean(value, name)),
            "schemata" => Do(() =>
            {
                Texts(value, "schemata");
                if (!value.IsNull)
                    parts.Add((CdiVersion.Schemata, "schemata", value));
            }),
            "enablemonitoring" => Do(() =>
            {
                if (Boolean(value, "enableMonitoring"))
                    parts.Add((CdiVersion.Schemata, "enableMonitoring", value));
            }),
            _ => false,
        });
        return true;
    }

    /// <summary>A class of service is a directory of resctrl, or "/" for resctrl itself.</summary>
    void CheckClass(YamlNode node)
    {
        const int LongestPath = 4095;
        string name = Text(node, "closID");
        if (name != "/" && (name is "." or ".." || Encoding.UTF8.GetByteCount(name) > LongestPath || name.AsSpan().ContainsAny('/', '\n')))
            throw Wrong(node, $"closID {PathBytes.Printable(name)} is no name of a directory");
    }

    List<string> NetDevices(YamlNode node)
    {
        HashSet<string> hosts = new(StringComparer.Ordinal), names = new(StringComparer.Ordinal);
        List<string> devices = List(node, "netDevices", item =>
        {
            string host = "", inside = "";
            Map(item, "a network device", (name, value) => name switch
            {
                "hostinterfacename" => Do(() => host = Required(value, "hostInterfaceName")),
                "name" => Do(() => inside = Required(value, "name")),
                _ => false,
            });
            if (host.Length == 0 || inside.Length == 0)
                throw Wrong(item, "a network device needs hostInterfaceName and name");
            return hosts.Add(host) && names.Add(inside) ? host : throw Wrong(item, $"there are two network devices {PathBytes.Printable(hosts.Count > names.Count ? inside : host)}");
        });
        if (devices.Count > 0)
            parts.Add((CdiVersion.NetDevices, "netDevices", node));
        return devices;
    }
}
