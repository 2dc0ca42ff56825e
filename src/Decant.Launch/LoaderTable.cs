using System.Collections.Immutable;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>Libraries that the image's loader is to find before its own, as entries of glibc's ld.so.cache. Of two of one name the first counts.</summary>
sealed class LoaderTable
{
    readonly Dictionary<uint, List<(string Soname, string Path)>> entries = [];
    readonly HashSet<(string, uint)> names = [];
    readonly List<string> directories = [];
    bool isBigEndian;

    /// <summary>The option that asked last, for messages.</summary>
    public string Text { get; private set; } = "";

    public bool IsEmpty => directories.Count == 0;

    /// <summary>Where they are, as LD_LIBRARY_PATH has it.</summary>
    public string SearchPath => string.Join(':', directories);

    /// <summary>False once there is a library of which no entry can be made.</summary>
    public bool IsWhole { get; private set; } = true;

    public void AddDirectory(string directory, string text)
    {
        Text = text;
        if (!directories.Contains(directory))
            directories.Add(directory);
    }

    /// <param name="source">The library's file on this host.</param>
    /// <param name="directory">Absolute in the root.</param>
    /// <param name="known">In it, by which names it is found; its soname is one of them, whether it is listed or not.</param>
    public void Add(string source, string directory, IEnumerable<string> known) => Add(Read(source), directory, known);

    /// <param name="file">Null for what is no library.</param>
    public void Add(ElfFile? file, string directory, IEnumerable<string> known)
    {
        if (file is null || LdSoCache.FlagsFor(file) is not { } flags)
        {
            IsWhole = false;
            return;
        }

        foreach (string name in known)
            Add(file, flags, name, $"{directory}/{name}");
    }

    /// <summary>A file by its soname alone; what is no library is left out.</summary>
    public void AddBySoname(string source, string path)
    {
        if (Read(source) is { Soname: { } soname } file && LdSoCache.FlagsFor(file) is { } flags)
            Add(file, flags, soname, path);
    }

    void Add(ElfFile file, uint flags, string name, string path)
    {
        isBigEndian = file.ByteOrder == ElfByteOrder.BigEndian;
        if (!names.Add((name, flags)))
            return;
        if (!entries.TryGetValue(flags, out List<(string, string)>? list))
            entries.Add(flags, list = []);
        list.Add((name, path));
    }

    /// <summary>Each entry: what it is looked up by, and where it is.</summary>
    public ImmutableArray<string> Describe() => [.. entries.Values.SelectMany(list => list).Select(entry => $"{entry.Soname} {entry.Path}"), .. directories];

    /// <summary>The image's table with these in front; null where the image's cannot be read, or there are none.</summary>
    public byte[]? With(byte[]? own)
    {
        try
        {
            byte[]? table = own;
            foreach ((uint flags, List<(string, string)> list) in entries)
                table = LdSoCacheWriter.With(table is null ? null : LdSoCache.Parse(table, LoaderCacheName), list, flags, isBigEndian);
            return entries.Count == 0 ? null : table;
        }
        catch (ElfFormatException)
        {
            return null;
        }
    }

    const string LoaderCacheName = "/etc/ld.so.cache";

    internal static ElfFile? Read(string source)
    {
        try
        {
            using FileStream content = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return ElfFile.ReadSoname(content, source);
        }
        catch (Exception e) when (e is ElfFormatException or IOException or DecantException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
