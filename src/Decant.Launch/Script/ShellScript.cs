using System.Text;
using Decant.Linux;

namespace Decant.Launch.Script;

/// <summary>
/// A launch as a POSIX shell script. An outer part makes the namespaces with unshare(1) and starts an inner part there; all mounts
/// are the inner part's, so that the kernel removes them with the last process, on every way out.
/// </summary>
sealed class ShellScript
{
    readonly StringBuilder inner = new();
    readonly List<string> unshareOptions = [];
    readonly List<string[]> prefix = [];

    /// <summary>Where the root is put together: hidden by a tmpfs in the script's own mount namespace.</summary>
    public required string ScratchDirectory { get; init; }

    public string Root => ScratchDirectory + "/root";

    /// <summary>The upper layer, or a link to it.</summary>
    public string Upper => ScratchDirectory + "/upper";

    /// <summary>Options of unshare(1) for the namespaces.</summary>
    public void Unshare(params ReadOnlySpan<string> options)
    {
        foreach (string option in options)
            unshareOptions.Add(option);
    }

    /// <summary>A program of the host that executes the next one in the chain, such as prlimit; the first added is outermost.</summary>
    public void Prefix(params string[] words) => prefix.Add(words);

    public void Line(string line) => inner.Append(line).Append('\n');

    public void Comment(string text) => inner.Append("# ").Append(text.ReplaceLineEndings(" ")).Append('\n');

    /// <summary>A command of quoted words.</summary>
    public void Command(params ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i++)
            inner.Append(i == 0 ? "" : " ").Append(ShellWord.Quote(words[i]));
        inner.Append('\n');
    }

    /// <summary>Makes what a target lacks.</summary>
    public void MakeTarget(MountTarget target)
    {
        if (target.Missing.IsEmpty)
            return;
        string path = Root + target.Path;
        if (target.IsDirectory)
        {
            Command("mkdir", "-p", path);
            return;
        }

        Command("mkdir", "-p", path[..path.LastIndexOf('/')]);
        Line($": >> {ShellWord.Quote(path)}");
    }

    /// <summary>Lines before the namespaces are made, and what undoes them; with any, the script stays and waits.</summary>
    public string Before { get; set; } = "";
    public string After { get; set; } = "";

    /// <summary>What starts the program: set by the last step.</summary>
    public string Exec { get; set; } = "";

    /// <summary>Inside the root.</summary>
    public string WorkingDirectory { get; set; } = "/";

    /// <summary>The user to become once the root is entered; null to stay.</summary>
    public uint? SetUid { get; set; }

    /// <summary>User and group that root of the script's user namespace is for the program; null for root.</summary>
    public (uint Uid, uint Gid)? MapTo { get; set; }

    /// <summary>A redirection, or nothing.</summary>
    public string StandardInput { get; set; } = "";

    /// <summary>
    /// The chain of the host's programs that ends in entering the root and starting a command. Each is named by its path, since the
    /// environment is the image's by then.
    /// </summary>
    public string StartText()
    {
        StringBuilder text = new();
        foreach (string[] words in prefix)
        {
            text.Append("\"$(command -v ").Append(words[0]).Append(")\"");
            foreach (string word in words.AsSpan(1))
                text.Append(' ').Append(ShellWord.Quote(word));
            text.Append(" -- \\\n  ");
        }

        text.Append("\"$(command -v unshare)\" --root=").Append(ShellWord.Quote(Root)).Append(" --wd=").Append(ShellWord.Quote(WorkingDirectory));
        if (MapTo is { } map && map != (0u, 0u))
            text.Append(" --user --map-user=").Append(map.Uid).Append(" --map-group=").Append(map.Gid);
        if (SetUid is { } uid)
            text.Append(" --setuid=").Append(uid);
        return text.Append(" --").ToString();
    }

    /// <summary>The whole script.</summary>
    /// <param name="title">What it launches, for the comment at the top.</param>
    public string Finish(string title)
    {
        StringBuilder text = new();
        text.Append("#!/bin/sh\n");
        text.Append("# ").Append(PathBytes.Printable(title).ReplaceLineEndings(" ")).Append('\n');
        text.Append("# Needs sh, util-linux 2.38 (mount, unshare, setpriv, prlimit), coreutils and hostname. All mounts are made in a\n");
        text.Append("# mount namespace of its own: they end with the program, and the host never sees them.\n");
        text.Append("set -eu\n");
        text.Append("inner='\n").Append((inner + Exec + "\n").Replace("'", "'\\''")).Append("'\n");
        StringBuilder unshare = new("unshare");
        foreach (string option in unshareOptions)
            unshare.Append(' ').Append(ShellWord.Quote(option));
        unshare.Append(" sh -c \"$inner\" decant \"$@\"");
        if (Before.Length == 0)
            return text.Append("exec ").Append(unshare).Append('\n').ToString();

        text.Append("clean() {\n").Append(After).Append("}\n");
        text.Append("trap clean EXIT\n");
        text.Append("trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM\n");
        text.Append(Before);
        return text.Append(unshare).Append('\n').ToString();
    }

    /// <summary>Bytes as the argument of printf(1), which every shell writes back exactly.</summary>
    public static string PrintfOctal(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length + 16);
        foreach (byte b in bytes)
        {
            if (b == '\n')
                text.Append("\\n");
            else if (b is >= 0x20 and < 0x7f and not ((byte)'\\' or (byte)'%' or (byte)'\''))
                text.Append((char)b);
            else
                text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }

        return text.ToString();
    }
}
