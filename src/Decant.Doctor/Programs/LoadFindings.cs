using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What keeps a process from being loaded, as findings: libraries, versions and symbols, in the order in which the loader would fail.</summary>
/// <param name="command">Where it runs.</param>
/// <param name="process">What its loader binds.</param>
/// <param name="wording">Who says so, and how.</param>
sealed class LoadFindings(ExaminedCommand command, LoadedProcess process, LoadWording wording)
{
    const int MostNames = 5;

    readonly LibraryRemedies remedies = new(command, process);

    bool IsMusl => process.Settings.Kind == LoaderKind.Musl;

    /// <summary>The first kind of failure only: what comes after it may be its consequence.</summary>
    public IReadOnlyList<Finding> Find()
    {
        // Without its loader the kernel does not start it, and nobody looks for libraries.
        IEnumerable<LibraryLookup> missing = process.Missing.FirstOrDefault(lookup => lookup.Rule == BindingRule.Interpreter) is { } loader ? [loader] : process.Missing;
        List<Finding> libraries = [.. missing.GroupBy(lookup => lookup.Name).Select(group => Library([.. group]))];
        if (libraries.Count > 0)
            return libraries;
        ProcessSymbols symbols = new(process);
        List<Finding> findings = [.. symbols.Damaged.Select(Damaged)];
        List<MissingVersion> versions = [.. symbols.MissingVersions()];
        findings.AddRange(versions.GroupBy(version => (version.Library, version.RequiredBy)).Select(group => Version([.. group])));
        if (versions.Count > 0)
            return findings;
        findings.AddRange(symbols.Refused().Select(Refused));
        bool bindsNow = wording.BindsNow || command.Environment["LD_BIND_NOW"] is { Length: > 0 };
        AddSymbols([.. symbols.Unresolved().Select(symbol => bindsNow ? symbol with { IsFatal = true } : symbol)], findings);
        bool starts = process.Opened is null && !findings.Exists(finding => finding.Severity == FindingSeverity.Error);
        return starts && GlibcRelease.Stranger(process, command.Root.Files, out Version? release) is { } libc ? [Mixed(libc, release!)] : findings;
    }

    Finding Mixed(LoadedObject libc, Version release)
    {
        string path = PathBytes.Printable(libc.Path);
        Version loader = process.Settings.Version!;
        return new Finding
        {
            Id = "glibc-mixed",
            Severity = FindingSeverity.Error,
            Cause = $"{path} is of glibc {release}, and the loader {PathBytes.Printable(process.Settings.Interpreter ?? "")} of glibc {loader}: the two belong together, and the program crashes before it begins",
            Evidence = remedies.HowBound(libc),
            Candidates = remedies.ForUnfit(libc, process.Program, file => file.Defines($"GLIBC_{loader}")),
            Fix = $"leave {path} out: libraries of libc are to come from where the loader comes from",
        };
    }

    /// <summary>One finding for each library that lacks what others want of it; where none is known, for each that wants.</summary>
    void AddSymbols(IReadOnlyList<UnresolvedSymbol> all, List<Finding> findings)
    {
        // What keeps the program from starting is worth more than what may end it later, and has the same cause.
        bool anyFatal = all.Any(symbol => symbol.IsFatal);
        Dictionary<LoadedObject, int> byCulprit = [];
        // The loader relocates what is needed before what needs it.
        foreach (IGrouping<LoadedObject, UnresolvedSymbol> group in all.Where(symbol => symbol.IsFatal == anyFatal).GroupBy(symbol => symbol.RequiredBy).Reverse())
        {
            UnresolvedSymbol[] unresolved = [.. group];
            SymbolSources sources = remedies.SourcesOf([.. unresolved.Select(one => one.Name)], group.Key);
            if (sources.Culprit is { } culprit && byCulprit.TryGetValue(culprit, out int earlier))
            {
                findings[earlier] = findings[earlier] with { Evidence = [.. findings[earlier].Evidence, $"{PathBytes.Printable(group.Key.Path)} wants {Count(unresolved)} of it too"] };
                continue;
            }

            if (sources.Culprit is not null)
                byCulprit.Add(sources.Culprit, findings.Count);
            findings.Add(Symbols(unresolved, sources));
        }
    }

    static string Count(UnresolvedSymbol[] symbols) =>
        symbols.Length == 1 ? PathBytes.Printable(symbols[0].Name) : $"{PathBytes.Printable(symbols[0].Name)} and {symbols.Length - 1} more";

    /// <param name="lookups">Of the same name, by whoever needs it.</param>
    Finding Library(LibraryLookup[] lookups)
    {
        LibraryLookup lookup = lookups[0];
        string library = PathBytes.Printable(lookup.Name);
        string by = PathBytes.Printable(lookup.RequestedBy.Path);
        if (lookup.Rule == BindingRule.Interpreter)
        {
            DanglingLink? broken = DanglingLink.Find(command.View, lookup.Name);
            return new Finding
            {
                Id = "loader-missing",
                Severity = FindingSeverity.Error,
                Lacking = lookup.Name,
                Cause = $"{by} wants the loader {library}, {(broken is null ? "which is not in the image" : $"and {broken.Text}")}",
                Message = "No such file or directory",
                Evidence = [$"PT_INTERP of {by} is {library}", .. OtherLoaders()],
                Fix = broken is not null ? "install the C library again, whose loader the link leads to" : $"the program was built for {(library.Contains("musl", StringComparison.Ordinal) ? "musl (Alpine)" : "glibc")}: use a build for the image's own libc, or an image that has this loader",
            };
        }

        List<string> evidence = [.. lookups.Take(MostNames).Select(one => $"{PathBytes.Printable(one.RequestedBy.Path)} needs {library}")];
        foreach (SearchedPlace place in lookup.Searched)
            evidence.Add($"searched {Place(place)}");
        foreach (string other in lookup.PassedOver)
            evidence.Add($"passed over {PathBytes.Printable(other)}, which is for another machine");
        if (lookup.Rule != BindingRule.Missing)
        {
            string unfit = PathBytes.Printable(lookup.Unfit ?? lookup.Name);
            if (lookup.Unfit is { } placeholder && DriverLibraries.Contain(lookup.Name) && CudaDriverFileCheck.IsEmpty(command, placeholder))
                return CudaDriverFileCheck.Placeholder(command, $"{by} needs {library}, and what the loader finds first, {unfit}, is empty", placeholder, FindingSeverity.Error) with { Message = $"{wording.Libraries}{unfit}: file too short", Candidates = remedies.ForMissing(lookup) };
            return new Finding
            {
                Id = "library-unfit",
                Severity = FindingSeverity.Error,
                Lacking = $"{lookup.Name} {lookup.Unfit}",
                Cause = $"{by} needs {library}, and what the loader finds first is no library: {PathBytes.Printable(lookup.Problem ?? "")}",
                Message = IsMusl ? $"{wording.Musl}Error loading shared library {library}: Exec format error" : $"{wording.Libraries}{unfit}",
                Evidence = evidence,
                Candidates = remedies.ForMissing(lookup),
                Fix = $"replace that file by the real {library}, or remove it",
            };
        }

        IReadOnlyList<EnvironmentChange> candidates = remedies.ForMissing(lookup);
        if (command.Root.Files.Closed(lookup.Name) is { } file && PermissionFindings.WhyClosed(command, file) is { } why)
        {
            return new Finding
            {
                Id = "library-unreadable",
                Severity = FindingSeverity.Error,
                Lacking = lookup.Name,
                Cause = $"{by} needs {library}, which is {PathBytes.Printable(file)}, {why}",
                Message = IsMusl
                    ? $"{wording.Musl}Error loading shared library {library}: "
                    : $"{wording.Libraries}{library}: cannot open shared object file: ",
                Evidence = evidence,
                Candidates = candidates,
                Fix = $"chmod a+rX {PathBytes.Printable(file)} in the image, and the directories above it",
            };
        }

        string[] places = [.. remedies.Places(lookup)];
        foreach (string place in places)
            evidence.Add($"{library} is in {PathBytes.Printable(place)}, which the loader does not search");
        // Told by glibc where all that it found was of the other class (_dl_map_object, found_other_class).
        ElfClass? otherClass = IsMusl ? null : remedies.OtherClass(lookup);
        IReadOnlyList<DanglingLink> links = remedies.Links(lookup);
        evidence.AddRange(links.Select(link => link.Text));
        DanglingLink? own = links is [var first, ..] && first.IsNamed(lookup.Name) ? first : null;
        string[] useless = [.. remedies.UselessPlaces(lookup)];
        foreach (string place in useless)
            evidence.Add($"{library} is in {PathBytes.Printable(place)}, but for another machine, or damaged");
        return new Finding
        {
            Id = "library-missing",
            Severity = FindingSeverity.Error,
            Lacking = $"{lookup.Name} {(places.Length > 0 ? places[0] : own?.Path)}",
            Cause = places.Length > 0
                ? $"{by} needs {library}, which is in {PathBytes.Printable(places[0])}, where the loader does not look"
                : own is not null ? $"{by} needs {library}, and {own.Text}"
                : $"{by} needs {library}, which is {(useless.Length > 0 ? "in the image only for another machine, or damaged" : "nowhere in the image")}",
            Message = IsMusl
                ? $"{wording.Musl}Error loading shared library {library}: No such file or directory (needed by {by})"
                : otherClass is { } wrong
                    ? $"{wording.Libraries}{library}: wrong ELF class: ELFCLASS{(wrong == ElfClass.Elf32 ? 32 : 64)}"
                    : $"{wording.Libraries}{library}: cannot open shared object file: No such file or directory",
            Evidence = evidence,
            Candidates = candidates,
            Fix = places.Length > 0 ? null : own is not null ? $"install the package of {library} again: the link has lost its file" : LibraryRemedies.WhereToGet(lookup.Name),
        };
    }

    IEnumerable<string> OtherLoaders() =>
        command.Root.Libraries.Where(path => path.Contains("/ld-linux", StringComparison.Ordinal) || path.Contains("/ld-musl", StringComparison.Ordinal)).Take(MostNames).Select(path => $"the image has {PathBytes.Printable(path)}");

    static Finding Damaged(ElfFormatException e) => new()
    {
        Id = "library-damaged",
        Severity = FindingSeverity.Error,
        Cause = PathBytes.Printable(e.Message),
        Fix = $"install the package of {PathBytes.Printable(e.File)} again: the file is damaged",
    };

    Finding Version(IReadOnlyList<MissingVersion> missing)
    {
        LoadedObject library = missing[0].Library;
        string path = PathBytes.Printable(library.Path);
        string by = PathBytes.Printable(missing[0].RequiredBy.Path);
        string versions = string.Join(", ", missing.Select(version => PathBytes.Printable(version.Version)));
        bool isLibc = missing[0].Version.StartsWith("GLIBC_", StringComparison.Ordinal);
        Version? release = isLibc ? GlibcRelease.Stranger(process, command.Root.Files, out Version? strange) is null ? process.Settings.Version : strange : null;
        string newest = release is null ? "" : $", which is of glibc {release}";
        return new Finding
        {
            Id = isLibc ? "glibc-too-old" : "version-missing",
            Severity = FindingSeverity.Error,
            Lacking = $"{library.Path} {versions}",
            Cause = $"{by} needs {versions} of {path}{newest}, which does not define {(missing.Count == 1 ? "it" : "them")}",
            Message = $"{wording.Versions}{path}: version `{PathBytes.Printable(missing[0].Version)}' not found (required by {by})",
            Evidence = remedies.HowBound(library),
            Candidates = remedies.ForUnfit(library, missing[0].RequiredBy, file => missing.All(version => file.Defines(version.Version))),
            Fix = isLibc
                ? $"{by} was built for a newer system than the image: use a build for glibc {process.Settings.Version}, or a newer image"
                : $"use a {path} that is as new as the one that {by} was built with",
        };
    }

    /// <summary>do_relocs of musl's ldso/dynlink.c.</summary>
    Finding Refused((LoadedObject Object, uint Type) refused)
    {
        string path = PathBytes.Printable(refused.Object.Path);
        return new Finding
        {
            Id = "relocation-unsupported",
            Severity = FindingSeverity.Error,
            Cause = $"{path} has functions that choose themselves for the CPU when it is loaded (IFUNC), which musl's loader cannot do",
            Message = $"{wording.Musl}Error relocating {Teller(refused.Object)}: unsupported relocation type {refused.Type}",
            Evidence = [$"{path} has relocations of type {refused.Type}", .. remedies.HowBound(refused.Object)],
            Candidates = remedies.ForUnfit(refused.Object, process.Program, IsWithoutIndirection),
            Fix = $"{path} was built for glibc: use a build for musl, or an image of glibc",
        };
    }

    static bool IsWithoutIndirection(LoaderFile file)
    {
        try
        {
            return file.Symbols().IndirectRelocation is null;
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    /// <summary>What loaders call an object in their messages: its path, but the program as the command names it.</summary>
    string Teller(LoadedObject loaded) => loaded == process.Program && wording.Program is { } name ? name : PathBytes.Printable(loaded.Path);

    Finding Symbols(UnresolvedSymbol[] unresolved, SymbolSources sources)
    {
        UnresolvedSymbol first = unresolved[0];
        string by = PathBytes.Printable(first.RequiredBy.Path);
        string teller = Teller(first.RequiredBy);
        string symbol = PathBytes.Printable(first.Name);
        List<string> evidence = [.. unresolved.Take(MostNames).Select(one => $"{by} wants {PathBytes.Printable(one.Name)}{(one.Version is null ? "" : "@" + one.Version.Name)}{(one.IsFatal ? "" : " when it calls it")}")];
        evidence.AddRange(sources.Evidence);
        return new Finding
        {
            Id = first.IsFatal ? "symbol-missing" : "symbol-missing-when-called",
            Severity = first.IsFatal ? FindingSeverity.Error : FindingSeverity.Warning,
            Lacking = sources.Culprit is { } culprit ? $"{culprit.Path} {string.Join(' ', unresolved.Select(one => $"{one.Name}@{one.Version?.Name}"))}" : null,
            Cause = $"{by} wants {(unresolved.Length == 1 ? "the symbol" : "the symbols")} {Count(unresolved)}, which none of the libraries that it gets provides{sources.Because}",
            Message = IsMusl
                ? $"{wording.Musl}Error relocating {teller}: {symbol}: symbol not found"
                : $"{wording.Symbols}{teller}: undefined symbol: {symbol}{(first.Version is null ? "" : $", version {first.Version.Name}")}",
            Evidence = evidence,
            Candidates = sources.Candidates,
            Fix = first.IsFatal && sources.Candidates.Count > 0 ? null : Proved(unresolved, sources.Candidates) ?? $"install a release of the library that {by} was built with",
        };
    }

    /// <summary>Of a warning nothing is prescribed, so the change with which the symbols are there is told as what to do; null where none is known.</summary>
    string? Proved(UnresolvedSymbol[] unresolved, IReadOnlyList<EnvironmentChange> candidates)
    {
        foreach (EnvironmentChange candidate in unresolved[0].IsFatal ? [] : candidates)
        {
            if (remedies.Reload(candidate) is not { } changed || changed.Missing.Any())
                continue;
            ProcessSymbols symbols = new(changed);
            if (symbols.Damaged.Count == 0 && symbols.MissingVersions().Count == 0 && !symbols.Unresolved().Any(symbol => symbol.IsFatal || Array.Exists(unresolved, one => one.Name == symbol.Name)))
                return $"{candidate.Describe(command.Environment[candidate.Name])}, as {candidate.Reason}";
        }

        return null;
    }

    static string Place(SearchedPlace place)
    {
        string where = place.Rule switch
        {
            BindingRule.Rpath => $"RPATH of {PathBytes.Printable(place.Source!.Path)}: ",
            BindingRule.Runpath => $"RUNPATH of {PathBytes.Printable(place.Source!.Path)}: ",
            BindingRule.LibraryPath => "LD_LIBRARY_PATH: ",
            BindingRule.SystemDirectory => "system directories: ",
            _ => "",
        };
        return where + string.Join(", ", place.Directories.Select(PathBytes.Printable));
    }
}
