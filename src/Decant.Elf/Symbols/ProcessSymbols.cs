namespace Decant.Elf;

/// <summary>
/// Which object of a process provides each symbol that the others want, by the loader's own rules (elf/dl-lookup.c, dl-version.c and
/// dl-reloc.c of glibc; find_sym and do_relocs of musl).
/// </summary>
public sealed class ProcessSymbols
{
    readonly LoadedProcess process;
    readonly Dictionary<LoadedObject, ElfSymbols> symbols = [];
    readonly List<ElfFormatException> damaged = [];
    readonly bool musl;

    public ProcessSymbols(LoadedProcess process)
    {
        this.process = process;
        musl = process.Settings.Kind == LoaderKind.Musl;
        foreach (LoadedObject loaded in process.Objects)
        {
            try
            {
                symbols.Add(loaded, loaded.File.Symbols());
            }
            catch (ElfFormatException e)
            {
                damaged.Add(e);
            }
        }
    }

    /// <summary>Files whose symbol tables cannot be read.</summary>
    public IReadOnlyList<ElfFormatException> Damaged => damaged;

    /// <summary>Symbols that some object wants and none provides; weak ones may be missing, and are not told.</summary>
    public IReadOnlyList<UnresolvedSymbol> Unresolved()
    {
        List<UnresolvedSymbol> unresolved = [];
        foreach (LoadedObject loaded in New)
        {
            if (symbols.TryGetValue(loaded, out ElfSymbols? own))
                AddUnresolved(loaded, own, unresolved);
        }

        return unresolved;
    }

    /// <summary>Objects with relocations by which a function chooses itself (IFUNC), each with the relocation's number: musl refuses them, glibc does not.</summary>
    public IReadOnlyList<(LoadedObject Object, uint Type)> Refused()
    {
        List<(LoadedObject, uint)> refused = [];
        foreach (LoadedObject loaded in musl ? New : [])
        {
            if (symbols.TryGetValue(loaded, out ElfSymbols? own) && own.IndirectRelocation is uint type)
                refused.Add((loaded, type));
        }

        return refused;
    }

    /// <summary>Versions that an object wants of a library which does not define them. musl looks at none.</summary>
    public IReadOnlyList<MissingVersion> MissingVersions()
    {
        List<MissingVersion> missing = [];
        if (musl)
            return missing;
        Dictionary<string, LoadedObject> names = Names();
        foreach (LoadedObject loaded in New)
        {
            if (!symbols.TryGetValue(loaded, out ElfSymbols? own))
                continue;
            foreach (ElfVersionNeed need in own.Needs)
            {
                // A library that is not there is told as missing itself. One without any versions is taken as it is.
                if (!names.TryGetValue(need.File, out LoadedObject? library) || !symbols.TryGetValue(library, out ElfSymbols? provided) || provided.Definitions is null)
                    continue;
                if (!need.IsWeak && !provided.Defines(need.Version, need.Hash))
                    missing.Add(new MissingVersion(need.Version, library, loaded));
            }
        }

        return missing;
    }

    /// <summary>Who wants a symbol, in the order of loading, and whom each gets.</summary>
    /// <param name="name">With its version behind an '@', or without.</param>
    public IReadOnlyList<SymbolBinding> Bindings(string name)
    {
        (string bare, string? version) = Split(name);
        List<SymbolBinding> bindings = [];
        foreach (LoadedObject loaded in process.Objects)
        {
            if (!symbols.TryGetValue(loaded, out ElfSymbols? own))
                continue;
            foreach (ElfReference reference in own.References)
            {
                if (own.NameText(reference.Symbol) != bare || (version is not null && own.Version(reference.Symbol)?.Name != version))
                    continue;
                LoadedObject? provider = Provider(loaded, own, reference, out ElfVersion? bound);
                bindings.Add(new SymbolBinding(loaded, bare, own.Version(reference.Symbol), reference.Kinds, own.Symbol(reference.Symbol).Binding == ElfBinding.Weak, provider, bound));
            }
        }

        return bindings;
    }

    /// <summary>The objects that export a symbol, in the order of loading, each with the version under which it does.</summary>
    public IReadOnlyList<SymbolProvider> Providers(string name)
    {
        (string bare, string? version) = Split(name);
        List<SymbolProvider> providers = [];
        foreach (LoadedObject loaded in process.Objects)
        {
            if (!symbols.TryGetValue(loaded, out ElfSymbols? own))
                continue;
            foreach ((string exported, ElfVersion? under) in own.Exports())
            {
                if (exported == bare && (version is null || under?.Name == version))
                    providers.Add(new SymbolProvider(loaded, under));
            }
        }

        return providers;
    }

    /// <summary>Who is to be judged: what the program has opened, or all that is there at its start.</summary>
    IEnumerable<LoadedObject> New => process.Objects.Skip(process.FirstOpened);

    /// <summary>The objects by all that something can call them, as _dl_name_match_p and the sonames decide.</summary>
    Dictionary<string, LoadedObject> Names()
    {
        Dictionary<string, LoadedObject> names = new(StringComparer.Ordinal);
        foreach (LoadedObject loaded in process.Objects)
        {
            if (loaded.Elf.Soname is string soname)
                names.TryAdd(soname, loaded);
            names.TryAdd(loaded.Path, loaded);
        }

        foreach (LoadedObject loaded in process.Objects)
        {
            foreach (LibraryLookup lookup in loaded.Lookups)
            {
                if (lookup.Object is { } found)
                    names.TryAdd(lookup.Name, found);
            }
        }

        return names;
    }

    void AddUnresolved(LoadedObject loaded, ElfSymbols own, List<UnresolvedSymbol> unresolved)
    {
        ObjectClosure closure = new(loaded);
        foreach (int open in loaded.File.OpenReferences(musl ? "musl" + closure.Key : closure.Key, _ => Open(loaded, own, closure)))
        {
            ElfReference reference = own.References[open];
            if (Provider(loaded, own, reference, out _) is null)
                unresolved.Add(new UnresolvedSymbol(own.NameText(reference.Symbol), own.Version(reference.Symbol), loaded, reference.Kinds, IsFatal(loaded, reference.Kinds)));
        }
    }

    /// <summary>The references that nothing in the object's closure provides, by their numbers.</summary>
    int[] Open(LoadedObject loaded, ElfSymbols own, ObjectClosure closure)
    {
        List<int> open = [];
        for (int i = 0; i < own.References.Length; i++)
        {
            ElfReference reference = own.References[i];
            if (reference.Symbol >= own.Count)
                continue;
            ElfSymbol symbol = own.Symbol(reference.Symbol);
            if (!(musl ? MustBeFoundByMusl(symbol) : MustBeFound(symbol, reference)) || (!musl && FindsItself(own, symbol, reference)))
                continue;
            if (Provider(loaded, own, reference, closure.Members, out _) is null)
                open.Add(i);
        }

        return [.. open];
    }

    /// <summary>Its own symbols are looked up by their names like others', unless their visibility keeps them to the object (RESOLVE_MAP of elf/dl-reloc.c).</summary>
    static bool MustBeFound(ElfSymbol symbol, ElfReference reference) =>
        (symbol.IsUndefined || symbol.IsPreemptible || (reference.Kinds & ElfReferenceKinds.Copy) != 0) && symbol.Binding is not (ElfBinding.Weak or ElfBinding.Local) && !symbol.IsHidden;

    /// <summary>The object's own table leads to its own symbol, as in every file that is not damaged: then somebody provides it, whoever comes first.</summary>
    static bool FindsItself(ElfSymbols own, ElfSymbol symbol, ElfReference reference) =>
        !symbol.IsUndefined && (reference.Kinds & ElfReferenceKinds.Copy) == 0
        && own.Find(new SymbolName(own.Name(reference.Symbol)), own.Version(reference.Symbol), definitionsOnly: true) >= 0;

    /// <summary>Its own symbols are looked up like others', and may not be found: those of an older version (do_relocs).</summary>
    static bool MustBeFoundByMusl(ElfSymbol symbol) => symbol.Binding != ElfBinding.Local && (!symbol.IsUndefined || symbol.Binding != ElfBinding.Weak);

    /// <summary>What is called only is looked up when it is called, unless the object itself says now; what the program says is for the program (_dl_relocate_object).</summary>
    bool IsFatal(LoadedObject loaded, ElfReferenceKinds kinds) =>
        musl || kinds != ElfReferenceKinds.Call || loaded.Elf.BindsNow;

    LoadedObject? Provider(LoadedObject loaded, ElfSymbols own, ElfReference reference, out ElfVersion? bound) =>
        Provider(loaded, own, reference, process.Objects, out bound);

    LoadedObject? Provider(LoadedObject loaded, ElfSymbols own, ElfReference reference, IEnumerable<LoadedObject> scope, out ElfVersion? bound)
    {
        SymbolName name = new(own.Name(reference.Symbol));
        ElfVersion? version = own.Version(reference.Symbol);
        bool isCopy = (reference.Kinds & ElfReferenceKinds.Copy) != 0;
        // A call takes no address that is only another object's way to the symbol.
        bool definitionsOnly = reference.Kinds == ElfReferenceKinds.Call || isCopy;
        bound = null;
        if (!musl && loaded.Elf.IsSymbolic && Try(loaded, name, version, definitionsOnly, ref bound))
            return loaded;
        foreach (LoadedObject candidate in scope)
        {
            if (isCopy && candidate == process.Program)
                continue;
            if (Try(candidate, name, version, definitionsOnly, ref bound))
                return candidate;
        }

        return null;
    }

    bool Try(LoadedObject candidate, SymbolName name, ElfVersion? version, bool definitionsOnly, ref ElfVersion? bound)
    {
        if (!symbols.TryGetValue(candidate, out ElfSymbols? table))
            return false;
        int found = musl ? table.FindUnversioned(name, definitionsOnly) : table.Find(name, version, definitionsOnly);
        if (found < 0)
            return false;
        bound = table.Version(found);
        return true;
    }

    static (string Name, string? Version) Split(string name)
    {
        int at = name.IndexOf('@');
        return at < 0 ? (name, null) : (name[..at], name[at..].TrimStart('@'));
    }
}
