using System.Diagnostics;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>A directory of a test's own, removed at its end, and real tools run in it.</summary>
sealed class Scratch : IDisposable
{
    readonly List<string> mounts = [];

    public Scratch() => Root = Directory.CreateTempSubdirectory("decant-images-").FullName;

    /// <summary>In a directory of the host, such as a tmpfs.</summary>
    public Scratch(string parent)
    {
        Root = $"{parent}/decant-images-{Guid.NewGuid():n}";
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string Path(string name) => $"{Root}/{name}";

    public string MakeDirectory(string name)
    {
        Directory.CreateDirectory(Path(name));
        return Path(name);
    }

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public void Link(string name, string target) => LinuxFile.MakeSymbolicLink(target, null, Path(name));

    public void Whiteout(string name) => Assert.Equal(Errno.None, LinuxFile.TryMakeNode(null, Path(name), 0x2000, default));

    public void Opaque(string name)
    {
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(Path(name), "user.overlay.opaque", "y"u8));
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(Path(name), "trusted.overlay.opaque", "y"u8));
    }

    /// <summary>A real overlay of layers, topmost first, read-only.</summary>
    public string MountOverlay(string name, IReadOnlyList<string> layers)
    {
        string target = MakeDirectory(name);
        // With one lower directory alone the kernel refuses: an empty one at the bottom changes nothing.
        string empty = MakeDirectory(name + ".empty");
        Run("mount", "-t", "overlay", "overlay", "-o", $"ro,lowerdir={string.Join(':', layers)}:{empty}", target);
        mounts.Add(target);
        return target;
    }

    public string Run(string tool, params string[] arguments)
    {
        (int code, string output, string error) = TryRun(tool, arguments);
        Assert.True(code == 0, $"{tool} {string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    public (int Code, string Output, string Error) TryRun(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose()
    {
        foreach (string mount in mounts)
            Run("umount", mount);
        Process.Start("rm", ["-rf", Root]).WaitForExit();
    }
}
