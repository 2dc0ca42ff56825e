using System.Text;

namespace Decant.Elf;

/// <summary>What a loader decides by, besides the files that it finds: what is built into it, its system's tables, the environment, the CPU.</summary>
public sealed record LoaderSettings
{
    /// <summary>No loader comes near it.</summary>
    const int MostLoaderBytes = 16 << 20;

    const int MostCacheBytes = 64 << 20;
    const int MostPathFileBytes = 64 << 10;

    /// <summary>From 2.37 on, glibc searches no subdirectories but glibc-hwcaps.</summary>
    static readonly Version FirstWithoutLegacy = new(2, 37);

    public LoaderKind Kind { get; init; }

    /// <summary>The loader's path, as PT_INTERP gives it.</summary>
    public string? Interpreter { get; init; }

    /// <summary>glibc's, from 2.33 on; null where the loader does not tell.</summary>
    public Version? Version { get; init; }

    /// <summary>Searched last; built into the loader, or from musl's path file.</summary>
    public IReadOnlyList<string> SystemDirectories { get; init; } = ["/lib64", "/usr/lib64"];

    /// <summary>What $LIB stands for; built into the loader.</summary>
    public string LibToken { get; init; } = "lib64";

    public string CachePath { get; init; } = "/etc/ld.so.cache";

    /// <summary>The loader's table; null where there is none.</summary>
    public LdSoCache? Cache { get; init; }

    /// <summary>Why a cache that is there is of no use; glibc goes on without it.</summary>
    public ElfFormatException? CacheDamage { get; init; }

    public LoaderCpu Cpu { get; init; } = new();

    /// <summary>The value of LD_LIBRARY_PATH; null or empty for none.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>The value of LD_PRELOAD; null or empty for none.</summary>
    public string? Preload { get; init; }

    /// <summary>What an empty element of a search path stands for.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>
    /// The settings that a loader carries in itself and finds on its system: the directories, $LIB and the cache's place are
    /// strings in its read-only data, and differ between distributions.
    /// </summary>
    /// <param name="interpreter">The loader's path, as PT_INTERP gives it.</param>
    public static LoaderSettings Of(string interpreter, LoaderFiles files)
    {
        if (files.Read(interpreter, MostLoaderBytes) is not byte[] loader)
            return new LoaderSettings { Interpreter = interpreter };
        return loader.AsSpan().IndexOf("musl libc ("u8) >= 0 ? Musl(interpreter, loader, files) : Glibc(interpreter, loader, files);
    }

    /// <summary>What an entry of the cache may want by its bits.</summary>
    internal ulong LegacyBits => HasLegacy ? Cpu.LegacyBits : 0;

    bool HasLegacy => !(Version >= FirstWithoutLegacy);

    /// <summary>The subdirectories of each directory that are searched before it, the best first.</summary>
    internal List<string> Subdirectories()
    {
        List<string> found = [];
        foreach (string level in Cpu.Hwcaps)
            found.Add($"glibc-hwcaps/{level}");
        if (!HasLegacy)
            return found;
        // Every choice of the parts, in the order of counting down in binary (_dl_important_hwcaps of glibc 2.36); not the empty one.
        IReadOnlyList<string> parts = Cpu.LegacyParts;
        for (int choice = (1 << parts.Count) - 1; choice > 0; choice--)
        {
            StringBuilder path = new();
            for (int part = 0; part < parts.Count; part++)
            {
                if ((choice >> (parts.Count - 1 - part) & 1) != 0)
                    path.Append(path.Length > 0 ? "/" : "").Append(parts[part]);
            }

            found.Add(path.ToString());
        }

        return found;
    }

    static LoaderSettings Glibc(string interpreter, byte[] loader, LoaderFiles files)
    {
        LoaderSettings settings = new() { Interpreter = interpreter };
        List<string> run = [];
        List<string> directories = [];
        foreach (string text in Strings(loader))
        {
            if (text.EndsWith("/ld.so.cache", StringComparison.Ordinal) && text[0] == '/')
                settings = settings with { CachePath = text };
            // "ld.so (Debian GLIBC 2.36-9) stable release version 2.36."
            if (text.StartsWith("ld.so (", StringComparison.Ordinal) && VersionAfter(text, "release version ") is Version version)
                settings = settings with { Version = version };
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
        if (files.Read(settings.CachePath, MostCacheBytes) is not byte[] cache)
            return settings;
        try
        {
            return settings with { Cache = LdSoCache.Parse(cache, settings.CachePath) };
        }
        catch (ElfFormatException e)
        {
            return settings with { CacheDamage = e };
        }
    }

    /// <summary>The path file lies beside the loader's own prefix (ldso/dynlink.c, load_library).</summary>
    static LoaderSettings Musl(string interpreter, byte[] loader, LoaderFiles files)
    {
        string prefix = Parent(Parent(interpreter));
        LoaderSettings settings = new() { Kind = LoaderKind.Musl, Interpreter = interpreter, SystemDirectories = ["/lib", "/usr/local/lib", "/usr/lib"], LibToken = "" };
        foreach (string text in Strings(loader))
        {
            // "%.*s/etc/ld-musl-x86_64.path", whose first part is the prefix.
            int at = text.IndexOf("/etc/ld-musl-", StringComparison.Ordinal);
            if (at < 0 || !text.EndsWith(".path", StringComparison.Ordinal))
                continue;
            settings = settings with { CachePath = prefix + text[at..] };
            if (files.Read(settings.CachePath, MostPathFileBytes) is byte[] path)
                settings = settings with { SystemDirectories = ElfBytes.Decode(path).Split([':', '\n'], StringSplitOptions.RemoveEmptyEntries) };
        }

        return settings;
    }

    static string Parent(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "";

    static Version? VersionAfter(string text, string words)
    {
        int at = text.IndexOf(words, StringComparison.Ordinal);
        if (at < 0)
            return null;
        at += words.Length;
        int end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        return Version.TryParse(text.AsSpan(at, end - at).TrimEnd('.'), out Version? version) ? version : null;
    }

    /// <summary>The zero-terminated printable strings, in order; an empty one for every stretch that is none.</summary>
    static IEnumerable<string> Strings(byte[] bytes)
    {
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] is (>= 0x20 and < 0x7f) or (byte)'\n')
                continue;
            yield return bytes[i] == 0 ? Encoding.ASCII.GetString(bytes, start, i - start) : "";
            start = i + 1;
        }
    }
}
