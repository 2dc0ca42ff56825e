using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Looks for another copy of a library in the root, and for the change of LD_LIBRARY_PATH that makes the loader take it.</summary>
sealed class LibraryRemedies(ExaminedCommand command, LoadedProcess process)
{
    const string LibraryPath = "LD_LIBRARY_PATH";
    const int MostCandidates = 8;

    /// <summary>Paths of this process that have been looked at for links.</summary>
    int looks;

    string? Current => command.Environment[LibraryPath];

    /// <summary>For a name that was not found, or found as something unfit.</summary>
    public IReadOnlyList<EnvironmentChange> ForMissing(LibraryLookup lookup)
    {
        List<EnvironmentChange> candidates = [];
        foreach (string directory in Copies(lookup.Name, lookup.RequestedBy.Path, _ => true))
            candidates.Add(EnvironmentChange.Prepend(LibraryPath, Current, directory, $"{PathBytes.Printable(lookup.Name)} is in {PathBytes.Printable(directory)}"));
        candidates.AddRange(WithoutElements());
        return candidates;
    }

    /// <summary>The directories of the root that have a library which was not found, the closest to who needs it first, those to link against last.</summary>
    public IEnumerable<string> Places(LibraryLookup lookup) =>
        Copies(lookup.Name, lookup.RequestedBy.Path, _ => true).Concat(command.Root.LibraryDirectories(lookup.Name).Where(directory => IsUsable($"{directory}/{lookup.Name}", _ => true))).Distinct();

    /// <summary>Those whose file of this name is of no use to this process.</summary>
    public IEnumerable<string> UselessPlaces(LibraryLookup lookup) =>
        command.Root.LibraryDirectories(lookup.Name).Where(directory => command.View.Resolve($"{directory}/{lookup.Name}").Exists && !IsUsable($"{directory}/{lookup.Name}", _ => true)).Take(MostCandidates);

    /// <summary>Links by which a library that was not found was looked for, or in whose place it would be, and which lead nowhere; the library's own first.</summary>
    public IReadOnlyList<DanglingLink> Links(LibraryLookup lookup)
    {
        IEnumerable<string> searched = lookup.Searched.Where(place => place.Rule != BindingRule.Cache).SelectMany(place => place.Directories).Concat(command.Root.LibraryDirectories(lookup.Name));
        IEnumerable<string> paths = lookup.Name.Contains('/') ? [lookup.Name] : searched.Distinct().Select(directory => $"{directory.TrimEnd('/')}/{lookup.Name}");
        string[] looked = [.. paths.Take(DanglingLink.MostLooks - looks)];
        looks += looked.Length;
        return [.. looked.Select(path => DanglingLink.Find(command.View, path)).OfType<DanglingLink>().DistinctBy(link => link.Path).OrderByDescending(link => link.IsNamed(lookup.Name)).Take(MostCandidates)];
    }

    /// <summary>The class of a file that the loader passed over for its class; null where there is none.</summary>
    public ElfClass? OtherClass(LibraryLookup lookup)
    {
        foreach (string path in lookup.PassedOver)
        {
            if (command.Root.Files.Find(path)?.Elf?.Class is { } other && other != process.Program.Elf.Class)
                return other;
        }

        return null;
    }

    /// <summary>The same process with another environment; null where that cannot be loaded.</summary>
    public LoadedProcess? Reload(EnvironmentChange change)
    {
        try
        {
            ImagePrograms programs = command.With([change]).Programs;
            return process.Opened is { } opened ? programs.Open(process.Program.Path, opened.Path) : programs.Load(process.Program.Path);
        }
        catch (DecantException)
        {
            return null;
        }
    }

    /// <summary>For a library that is there but will not do.</summary>
    /// <param name="library">The wrong one.</param>
    /// <param name="requiredBy">Who is not content with it.</param>
    /// <param name="fits">Whether another copy would do.</param>
    public IReadOnlyList<EnvironmentChange> ForUnfit(LoadedObject library, LoadedObject requiredBy, Func<LoaderFile, bool> fits)
    {
        List<EnvironmentChange> candidates = [.. WithoutElements()];
        foreach (string name in NamesOf(library))
        {
            foreach (string directory in Copies(name, requiredBy.Path, file => file.Identity != library.File.Identity && fits(file)))
                candidates.Add(EnvironmentChange.Prepend(LibraryPath, Current, directory, $"the {PathBytes.Printable(name)} there has what {PathBytes.Printable(requiredBy.Path)} needs"));
        }

        return candidates;
    }

    /// <summary>For symbols that no object of the process provides.</summary>
    public SymbolSources SourcesOf(IReadOnlyList<string> names, LoadedObject requiredBy)
    {
        List<string> evidence = [];
        List<EnvironmentChange> candidates = [];
        string because = "";
        LoadedObject? culprit = null;
        // Taking something away is the smaller change.
        candidates.AddRange(WithoutElements());
        foreach (LoadedObject loaded in process.Objects)
        {
            foreach (string name in NamesOf(loaded))
            {
                foreach (string directory in Copies(name, requiredBy.Path, file => file.Identity != loaded.File.Identity && names.All(file.Exports)))
                {
                    evidence.AddRange(HowBound(loaded));
                    evidence.Add($"{PathBytes.Printable(directory)}/{PathBytes.Printable(name)} exports {PathBytes.Printable(names[0])}");
                    culprit ??= loaded;
                    because = because.Length > 0 ? because : $"; {PathBytes.Printable(loaded.Path)} is another release than it was built with";
                    candidates.Add(EnvironmentChange.Prepend(LibraryPath, Current, directory, $"the {PathBytes.Printable(name)} there exports {PathBytes.Printable(names[0])}"));
                }
            }
        }

        // The one that wants it may itself be the stranger.
        foreach (string name in NamesOf(requiredBy))
        {
            foreach (string directory in Copies(name, process.Program.Path, file => file.Identity != requiredBy.File.Identity))
                candidates.Add(EnvironmentChange.Prepend(LibraryPath, Current, directory, $"another {PathBytes.Printable(name)} is there"));
        }

        if (evidence.Count == 0 && Elsewhere(names) is { } other)
        {
            evidence.Add($"{PathBytes.Printable(other)} exports {PathBytes.Printable(names[0])}, but is not among what is loaded");
            because = $"; {PathBytes.Printable(other)} does, and nothing loads it";
        }

        return new SymbolSources(culprit, because, [.. evidence.Distinct()], candidates);
    }

    /// <summary>Why the loader took a library.</summary>
    public IReadOnlyList<string> HowBound(LoadedObject library)
    {
        foreach (LibraryLookup lookup in process.Lookups)
        {
            if (lookup.Object == library && lookup.Rule != BindingRule.AlreadyLoaded)
                return [$"{PathBytes.Printable(lookup.RequestedBy.Path)} gets {PathBytes.Printable(lookup.Name)} from {PathBytes.Printable(library.Path)}, by {Words(lookup.Rule)}"];
        }

        return [];
    }

    /// <summary>What to say of a library that is nowhere in the image.</summary>
    public static string WhereToGet(string library)
    {
        string printable = PathBytes.Printable(library);
        if (library.StartsWith("libcuda.so", StringComparison.Ordinal) || library.StartsWith("libnvidia-", StringComparison.Ordinal))
            return $"{printable} belongs to the GPU's driver, which no image has: run with --gpus all";
        return $"install the package that has it: apt-file search {printable}, or dnf provides '*/{printable}'";
    }

    /// <summary>Directories whose copy of the library this process could load, the closest to a path first.</summary>
    IEnumerable<string> Copies(string name, string closeTo, Func<LoaderFile, bool> fits) =>
        command.Root.LibraryDirectories(name)
            // To link against, without anything behind their functions.
            .Where(directory => !directory.EndsWith("/stubs", StringComparison.Ordinal) && IsUsable($"{directory}/{name}", fits))
            .OrderByDescending(directory => LinuxPath.CommonLength(directory, closeTo))
            .Take(MostCandidates);

    bool IsUsable(string path, Func<LoaderFile, bool> fits)
    {
        try
        {
            return command.Root.Files.Find(path) is { Elf: { } elf } file && elf is { IsDynamic: true, Type: ElfType.SharedObject } && elf.Matches(process.Program.Elf) && fits(file);
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    /// <summary>Any library of the root that exports the first of the symbols.</summary>
    string? Elsewhere(IReadOnlyList<string> names)
    {
        foreach (string path in command.Root.Libraries)
        {
            if (IsUsable(path, file => file.Exports(names[0])))
                return path;
        }

        return null;
    }

    /// <summary>An element too many is the commonest mistake of all.</summary>
    IEnumerable<EnvironmentChange> WithoutElements()
    {
        foreach (string element in (Current ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Distinct())
            yield return EnvironmentChange.Remove(LibraryPath, Current, element, $"libraries of {PathBytes.Printable(element)} take the place of others");
    }

    /// <summary>By which names it is asked for.</summary>
    HashSet<string> NamesOf(LoadedObject library)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (LibraryLookup lookup in process.Lookups)
        {
            if (lookup.Object == library && !lookup.Name.Contains('/'))
                names.Add(lookup.Name);
        }

        return names;
    }

    static string Words(BindingRule rule) => rule switch
    {
        BindingRule.LibraryPath => "LD_LIBRARY_PATH",
        BindingRule.Rpath => "RPATH",
        BindingRule.Runpath => "RUNPATH",
        BindingRule.Cache => "ld.so.cache",
        BindingRule.Preload => "LD_PRELOAD",
        BindingRule.PathName => "its path",
        _ => "the loader's own directories",
    };
}
