using System.Collections.Concurrent;
using System.Text;

namespace Decant.Elf;

/// <summary>A file that the loader opens: read once, however many objects ask for it.</summary>
public sealed class LoaderFile
{
    readonly Func<Stream> open;
    readonly Lock reading = new();
    ElfSymbols? symbols;
    IReadOnlyList<DeviceCode>? deviceCode;

    /// <summary>By closure: see <see cref="ObjectClosure"/>.</summary>
    readonly ConcurrentDictionary<string, int[]> openReferences = new(StringComparer.Ordinal);

    internal LoaderFile(string path, FileIdentity identity, Func<Stream> open)
    {
        this.open = open;
        Identity = identity;
        try
        {
            using Stream content = open();
            Elf = ElfFile.Read(content, path);
        }
        catch (ElfFormatException e)
        {
            Damage = e;
        }
        catch (IOException e)
        {
            Damage = new ElfFormatException(path, 0, $"the file cannot be read: {e.Message}");
        }
    }

    public FileIdentity Identity { get; }

    /// <summary>Null for what is no ELF file, or a damaged one.</summary>
    public ElfFile? Elf { get; }

    /// <summary>Why there is no <see cref="Elf"/>.</summary>
    public ElfFormatException? Damage { get; }

    /// <summary>Which of its references nothing in a closure provides; found out once for each closure that the file is met with.</summary>
    internal int[] OpenReferences(string closure, Func<string, int[]> find) => openReferences.GetOrAdd(closure, find);

    /// <summary>Whether it exports a symbol of that name; a file whose symbols cannot be read exports none.</summary>
    public bool Exports(string name) => Has(symbols => symbols.Exports(name));

    /// <summary>Whether it binds a symbol of that name of others; a file whose symbols cannot be read binds none.</summary>
    public bool Imports(string name) => Has(symbols => symbols.Imports(name));

    /// <summary>Whether musl finds a symbol of that name in it.</summary>
    internal bool ExportsToMusl(string name) => Has(symbols => symbols.FindUnversioned(new SymbolName(Encoding.UTF8.GetBytes(name)), definitionsOnly: true) >= 0);

    /// <summary>Whether it defines a version; a file whose symbols cannot be read defines none.</summary>
    public bool Defines(string version) => Has(symbols => symbols.Definitions?.Any(defined => defined.Name == version) == true);

    /// <summary>The GPU code that it carries, read at the first call.</summary>
    /// <exception cref="ElfFormatException">It is no ELF file, or what it says of its device code is damaged.</exception>
    public IReadOnlyList<DeviceCode> DeviceCode()
    {
        lock (reading)
            return deviceCode ??= Content(FatBinary.Read);
    }

    /// <summary>The content of the first section of that name; null where there is none, or a larger one.</summary>
    /// <exception cref="ElfFormatException">It is no ELF file, or its section headers are damaged.</exception>
    public byte[]? Section(string name, int maxBytes) => Content((content, elf) =>
    {
        foreach (ElfSection section in ElfSection.ReadAll(content, elf))
        {
            if (section.Name == name)
                return section.Size <= (ulong)maxBytes ? new ElfReader(content, elf.Name).Read(section.Offset, section.Size).ToArray() : null;
        }

        return null;
    });

    bool Has(Func<ElfSymbols, bool> has)
    {
        try
        {
            return has(Symbols());
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    /// <summary>Read at the first call.</summary>
    /// <exception cref="ElfFormatException">The file has no symbols to read, or its tables are damaged.</exception>
    public ElfSymbols Symbols()
    {
        lock (reading)
            return symbols ??= Content(ElfSymbols.Read);
    }

    T Content<T>(Func<Stream, ElfFile, T> read)
    {
        if (Elf is null)
            throw Damage!;
        try
        {
            using Stream content = open();
            return read(content, Elf);
        }
        catch (IOException e)
        {
            throw new ElfFormatException(Elf.Name, 0, $"the file cannot be read: {e.Message}");
        }
    }
}
