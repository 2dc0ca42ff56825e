using Decant.Images;
using Decant.Linux;

namespace Decant.Launch.Tests;

/// <summary>A root file system made by a test, and what a plan needs beside it.</summary>
sealed class TemporaryRoot : IDisposable
{
    public TemporaryRoot()
    {
        Path = Directory.CreateTempSubdirectory("decant-launch-").FullName;
        Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1001:1002:App:/home/app:/bin/sh\n");
        Write("etc/group", "root:x:0:\nwheel:x:10:root,app\nvideo:x:44:app\n");
        Write("bin/sh", "");
    }

    public string Path { get; }

    public void Write(string path, string content)
    {
        string full = $"{Path}/{path}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    public void Link(string path, string target)
    {
        string full = $"{Path}/{path}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        if (File.Exists(full))
            File.Delete(full);
        File.CreateSymbolicLink(full, target);
    }

    public LaunchSpec Spec(ImageRunConfig? config = null, params string[] command) => new()
    {
        Image = new RootImage("test", [Path], config ?? ImageRunConfig.Empty),
        Command = command.Length == 0 ? ["/bin/sh"] : [.. command],
    };

    public RootView View => new([Path]);

    /// <summary>A caller with the given uid and no variables but TERM and LANG.</summary>
    public static LaunchHost Caller(uint uid = 0, bool terminal = false) => new()
    {
        Uid = uid,
        Gid = uid,
        IsRoot = uid == 0,
        UserXattrs = uid != 0,
        OnTerminal = terminal,
        HasOverlay = () => true,
        Variable = name => name switch { "TERM" => "vt100", "LANG" => "C.UTF-8", _ => null },
    };

    public void Dispose() => TreeRemoval.Remove(Path);

    public static MountRequest Bind(string source, string target) => new()
    {
        Kind = MountKind.Bind,
        Source = source,
        Target = target,
        Text = $"--volume {source}:{target}",
        CreateSource = false,
    };

    /// <summary>Not what it says it is where the test runs as somebody else.</summary>
    public static bool IsRoot => Libc.GetEffectiveUserId() == 0;
}
