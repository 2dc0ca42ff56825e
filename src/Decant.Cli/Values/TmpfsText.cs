using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>DST[:OPTS] of <c>--tmpfs</c>: docker mounts it nosuid, nodev and noexec unless the options say otherwise.</summary>
static class TmpfsText
{
    /// <summary>01777, which is docker's and the kernel's.</summary>
    public const uint DefaultMode = 0x3FF;

    public static MountRequest Parse(string text)
    {
        int colon = text.IndexOf(':');
        MountRequest mount = new()
        {
            Kind = MountKind.Tmpfs,
            Target = HostPath.Target(colon < 0 ? text : text[..colon]),
            NoExec = true,
            NoSuid = true,
            NoDev = true,
            Mode = DefaultMode,
            Text = "--tmpfs " + text,
        };
        foreach (string option in colon < 0 ? [] : text[(colon + 1)..].Split(','))
            mount = With(mount, option);
        return mount;
    }

    /// <summary>Octal permission bits.</summary>
    public static uint ParseMode(string text)
    {
        uint mode = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7' || mode > 0x1FF)
                throw InvalidMode(text);
            mode = (mode * 8) + (uint)(c - '0');
        }

        return text.Length > 0 ? mode : throw InvalidMode(text);
    }

    static DecantException InvalidMode(string text) =>
        new($"{PathBytes.Printable(text)} is not a mode", "write octal digits up to 7777, such as 1777");

    static MountRequest With(MountRequest mount, string option) => option switch
    {
        "ro" => mount with { ReadOnly = true },
        "rw" => mount with { ReadOnly = false },
        "exec" => mount with { NoExec = false },
        "noexec" => mount with { NoExec = true },
        "suid" => mount with { NoSuid = false },
        "nosuid" => mount with { NoSuid = true },
        "dev" => mount with { NoDev = false },
        "nodev" => mount with { NoDev = true },
        _ when option.StartsWith("size=", StringComparison.Ordinal) => mount with { SizeBytes = Size(option[5..]) },
        _ when option.StartsWith("mode=", StringComparison.Ordinal) => mount with { Mode = ParseMode(option[5..]) },
        _ => throw new DecantException(
            $"there is no tmpfs option {PathBytes.Printable(option)}",
            "the options are size=BYTES, mode=OCTAL, ro, rw, exec, noexec, suid, nosuid, dev, nodev"),
    };

    static long Size(string text) =>
        text.EndsWith('%')
            ? throw new DecantException("a size in per cent depends on the machine", "write bytes, such as size=64m")
            : ByteSize.Parse(text);
}
