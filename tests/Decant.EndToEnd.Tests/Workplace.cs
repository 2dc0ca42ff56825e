namespace Decant.EndToEnd.Tests;

/// <summary>What the whole assembly shares: the checkout, a directory for stores and scratch files, and its end.</summary>
public sealed class Workplace : IDisposable
{
    static readonly Lazy<string> directory = new(Create);
    static readonly Lazy<string> decant = new(CopyDecant);

    /// <summary>The checkout that the tests were built from.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>The native binary that all tests run, where every user can reach it and no test covers it.</summary>
    public static string Decant => decant.Value;

    /// <summary>A directory that any user may enter and that is removed at the end; not /tmp, which tests cover.</summary>
    public static string Directory => directory.Value;

    /// <summary>A fresh, empty directory that belongs to the user.</summary>
    public static string NewDirectory(User user)
    {
        string path = Path.Combine(Directory, Guid.NewGuid().ToString("n")[..12]);
        System.IO.Directory.CreateDirectory(path);
        Shell.Run($"chown {user.Id}:{user.Id} {path}").Expect(0);
        return path;
    }

    public static string Existing(string relative, string how)
    {
        string path = Path.Combine(Checkout, relative);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing; run {how}");
    }

    public void Dispose()
    {
        Dockerd.Stop();
        if (directory.IsValueCreated)
            // A hundred thousand files, on a disk that may be busy.
            Shell.Execute(["rm", "-rf", "--one-file-system", Directory], limit: TimeSpan.FromMinutes(10)).Expect(0);
    }

    static string CopyDecant()
    {
        string path = Path.Combine(Directory, "decant");
        File.Copy(Existing("out/decant", "./build.sh"), path);
        return path;
    }

    static string Create()
    {
        string path = System.IO.Directory.CreateTempSubdirectory("decant-e2e-").FullName;
        if (path.StartsWith("/tmp/", StringComparison.Ordinal))
        {
            System.IO.Directory.Delete(path);
            path = $"/var/tmp/{Path.GetFileName(path)}";
            System.IO.Directory.CreateDirectory(path);
        }

        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    static string FindCheckout()
    {
        for (string? path = AppContext.BaseDirectory; path is not null; path = Path.GetDirectoryName(path))
        {
            if (File.Exists(Path.Combine(path, "decant.slnx")))
                return path;
        }

        throw new InvalidOperationException($"no decant.slnx above {AppContext.BaseDirectory}");
    }
}
