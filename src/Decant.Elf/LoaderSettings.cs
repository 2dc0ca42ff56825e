using System.Text;

namespace Decant.Elf;

/// <summary>What glibc's loader decides by, besides the files themselves.</summary>
public sealed record LoaderSettings
{
    /// <summary>Searched last; built into the loader.</summary>
    public IReadOnlyList<string> SystemDirectories { get; init; } = ["/lib64", "/usr/lib64"];

    /// <summary>What $LIB stands for; built into the loader.</summary>
    public string LibToken { get; init; } = "lib64";

    /// <summary>What $PLATFORM stands for (AT_PLATFORM); null where it has no value, which makes the loader drop the element.</summary>
    public string? Platform { get; init; }

    /// <summary>The loader's table; null where there is none.</summary>
    public LdSoCache? Cache { get; init; }

    /// <summary>The glibc-hwcaps directories that the CPU can use, the best first.</summary>
    public IReadOnlyList<string> Hwcaps { get; init; } = [];

    /// <summary>The value of LD_LIBRARY_PATH; null or empty for none.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>What an empty element of a search path stands for.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>
    /// The settings that a loader carries in itself and finds on its system: the directories, $LIB and the cache's place are
    /// strings in its read-only data, and differ between distributions.
    /// </summary>
    /// <param name="interpreter">The loader's path, as PT_INTERP gives it.</param>
    /// <param name="read">The bytes of a file, or null where it is absent or closed to the caller.</param>
    public static LoaderSettings Of(string interpreter, Func<string, byte[]?> read)
    {
        if (read(interpreter) is not byte[] loader)
            return new LoaderSettings();
        LoaderSettings settings = new();
        string cachePath = "/etc/ld.so.cache";
        List<string> run = [];
        List<string> directories = [];
        foreach (string text in Strings(loader))
        {
            if (text.EndsWith("/ld.so.cache", StringComparison.Ordinal) && text[0] == '/')
                cachePath = text;
            // "/lib/x86_64-linux-gnu/" "/usr/lib/x86_64-linux-gnu/" "/lib/" "/usr/lib/": the one place where such strings follow each other.
            if (text.Length > 1 && text[0] == '/' && text[^1] == '/')
                run.Add(text.TrimEnd('/'));
            else
                run.Clear();
            if (run.Count > directories.Count && run.Count > 1)
                directories = [.. run];
        }

        if (directories.Count > 0)
            settings = settings with { SystemDirectories = directories, LibToken = directories[0].TrimStart('/') };
        if (read(cachePath) is byte[] cache)
            settings = settings with { Cache = LdSoCache.Parse(cache, cachePath) };
        return settings;
    }

    /// <summary>The zero-terminated printable strings, in order; an empty one for every stretch that is none.</summary>
    static IEnumerable<string> Strings(byte[] bytes)
    {
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] is >= 0x20 and < 0x7f)
                continue;
            yield return bytes[i] == 0 ? Encoding.ASCII.GetString(bytes, start, i - start) : "";
            start = i + 1;
        }
    }
}
