namespace Decant.EndToEnd.Tests;

/// <summary>Root filesystems that a test may spoil, and the means to see whether a directory of the host was touched.</summary>
public static class HostileRoot
{
    static readonly Lazy<string> busybox = new(() => Path.Combine(New(), "bin/busybox"));

    /// <summary>Debian's static busybox, to run outside of any image.</summary>
    public static string Busybox => busybox.Value;

    /// <summary>A fresh root filesystem of busybox that any user can read, with /marker in it.</summary>
    /// <param name="spoil">A bash script that runs as root with the root filesystem as its working directory.</param>
    public static string New(string spoil = "true", IReadOnlyDictionary<string, string>? variables = null)
    {
        string directory = Workplace.NewDirectory(User.Root);
        Shell.Run($"tar -xf {TestImages.File("busybox.tar")} -C {directory} && echo image >{directory}/marker && chmod 755 {directory}").Expect(0);
        Shell.Run(User.Root, spoil, variables, directory: directory).Expect(0);
        return directory;
    }

    /// <summary>Everything about the files below a directory but their access times.</summary>
    public static string Fingerprint(string directory) =>
        Shell.Run($"cd {directory} && find . -printf '%p %y %m %U:%G %s %T@ %C@ %l %n\\n' | sort && find . -type f -size -1000000 -exec sha256sum {{}} + | sort").Expect(0).Output;
}
