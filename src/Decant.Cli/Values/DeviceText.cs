using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>SRC[:DST[:PERM]] of <c>--device</c>, or SRC:PERM: a device node, or a directory with all nodes below it.</summary>
static class DeviceText
{
    public static DeviceRequest Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 3)
            throw new DecantException("more than SRC:DST:PERM");
        string source = parts[0];
        if (source.Length == 0 || source[0] != '/')
        {
            throw new DecantException(
                source.Contains('/')
                    ? $"{PathBytes.Printable(source)} is neither an absolute path nor a CDI device"
                    : $"{PathBytes.Printable(source)} is not an absolute path",
                "write the device's path, such as /dev/dri/renderD128, or its name in a specification, such as nvidia.com/gpu=0");
        }

        string target = source;
        string? permissions = null;
        if (parts.Length == 2 && IsPermissions(parts[1]))
            permissions = parts[1];
        else if (parts.Length >= 2 && parts[1].Length > 0)
            target = parts[1];
        if (parts.Length == 3)
            permissions = parts[2];
        if (permissions is not null)
            Check(permissions);
        return new DeviceRequest(LinuxPath.Absolute(source), HostPath.Target(target), $"--device {text}");
    }

    static bool IsPermissions(string text)
    {
        foreach (char c in text)
        {
            if (c is not ('r' or 'w' or 'm'))
                return false;
        }

        return text.Length > 0;
    }

    static void Check(string permissions)
    {
        if (!IsPermissions(permissions))
            throw new DecantException($"{PathBytes.Printable(permissions)} are not permissions", "write rwm");
        // docker takes rights away through the device cgroup. Here the node's own mode decides, so less cannot be promised.
        if (!permissions.Contains('r') || !permissions.Contains('w'))
        {
            throw new DecantException(
                $"decant cannot hold a program to {permissions}: a native run has no device cgroup, and the node's own mode decides",
                "leave out the permissions, or change the node's mode");
        }
    }
}
