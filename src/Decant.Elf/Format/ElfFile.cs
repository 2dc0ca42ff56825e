namespace Decant.Elf;

/// <summary>
/// What an ELF file tells the dynamic loader (System V ABI, chapters 4 and 5; elf(5)). Only program headers and the dynamic
/// segment are read: section headers may be stripped, and the loader does not look at them either.
/// </summary>
public sealed record ElfFile
{
    /// <summary>The name that the caller gave, for messages.</summary>
    public required string Name { get; init; }

    public required ElfClass Class { get; init; }
    public required ElfByteOrder ByteOrder { get; init; }
    public required ElfMachine Machine { get; init; }
    public required ElfType Type { get; init; }

    /// <summary>PT_INTERP: the loader that the kernel starts; null for libraries and static programs.</summary>
    public string? Interpreter { get; init; }

    /// <summary>False for a static program: nothing to load.</summary>
    public bool IsDynamic { get; init; }

    public string? Soname { get; init; }

    /// <summary>DT_NEEDED, DT_FILTER and DT_AUXILIARY, in the file's order, which is the loader's.</summary>
    public IReadOnlyList<ElfDependency> Dependencies { get; init; } = [];

    /// <summary>The names of DT_NEEDED.</summary>
    public IEnumerable<string> Needed => Dependencies.Where(dependency => dependency.Kind == ElfDependencyKind.Needed).Select(dependency => dependency.Name);

    public string? Rpath { get; init; }
    public string? Runpath { get; init; }
    public ElfFlags1 Flags1 { get; init; }

    /// <summary>All symbols are bound before the program starts (DF_BIND_NOW, DF_1_NOW, DT_BIND_NOW).</summary>
    public bool BindsNow { get; init; }

    /// <summary>The object's own symbols come first in its scope (DF_SYMBOLIC, DT_SYMBOLIC).</summary>
    public bool IsSymbolic { get; init; }

    /// <summary>Null for a file without a dynamic segment.</summary>
    internal ElfTables? Tables { get; init; }

    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\u007fELF"u8);

    /// <summary>Whether the loader may use both in one process: same class, byte order and machine.</summary>
    public bool Matches(ElfFile other) => Class == other.Class && ByteOrder == other.ByteOrder && Machine == other.Machine;

    /// <param name="file">Can seek; only the parts that matter are read.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ElfFormatException">Not an ELF file, or one that contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ElfFile Read(Stream file, string name) => new ElfParser(new ElfReader(file, name), name).Parse();

    /// <summary>
    /// Only what the header tells, and the soname, by reading a few KiB. Whatever else stands in the file is not looked at: not what it needs, nor its symbols.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static ElfFile ReadSoname(Stream file, string name) => new ElfParser(new ElfReader(file, name, windowBytes: 1 << 10), name).ParseSoname();

    /// <summary>The same as <see cref="Read"/> from the bytes of a whole file.</summary>
    public static ElfFile Parse(byte[] bytes, string name) => Read(new MemoryStream(bytes, writable: false), name);
}
