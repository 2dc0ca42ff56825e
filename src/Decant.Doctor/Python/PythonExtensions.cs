using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Opens the extension modules of a program one after the other, as its imports do, and tells what fails.</summary>
/// <param name="path">sys.path.</param>
sealed class PythonExtensions(LoadedCommand loaded, PythonPath path)
{
    readonly ExaminedCommand command = loaded.Command;

    /// <summary>A library is taken by its name once it is there, whoever brought it (_dl_map_object of glibc).</summary>
    readonly HashSet<string> present = new(StringComparer.Ordinal);

    readonly HashSet<string> reported = new(StringComparer.Ordinal);

    readonly List<LoadedProcess> opened = [];

    /// <summary>The process with each that could be opened, in their order.</summary>
    public IReadOnlyList<LoadedProcess> Opened => opened;

    /// <summary>Something imported before loads libraries itself, by ctypes.</summary>
    public bool ArePreloaded { get; set; }

    public IEnumerable<Finding> Open(string file, PythonCaller caller)
    {
        OpenedExtension extension = command.Root.Python.Extensions.GetOrAdd(Key(file), _ => Open(file));
        if (extension.Process is { } process)
            opened.Add(process);
        present.UnionWith(extension.Names);
        for (int i = 0; i < extension.Findings.Count; i++)
        {
            Finding finding = extension.Findings[i];
            bool isUnsure = ArePreloaded;
            if (i < extension.MissingLibraries.Count)
            {
                string library = extension.MissingLibraries[i];
                if (present.Contains(library) || !reported.Add(library))
                    continue;
                isUnsure &= IsAmongPackages(library);
            }

            yield return finding with
            {
                Severity = isUnsure && finding.Severity == FindingSeverity.Error ? FindingSeverity.Warning : finding.Severity,
                Evidence = [.. caller.Chain(), .. finding.Evidence],
            };
        }
    }

    /// <summary>All that decides what the loader does.</summary>
    string Key(string file) =>
        string.Join('\0', loaded.Program.Path, file, command.WorkingDirectory, command.Environment["LD_LIBRARY_PATH"], command.Environment["LD_PRELOAD"]);

    OpenedExtension Open(string file)
    {
        LoadedProcess process;
        try
        {
            process = command.Programs.Open(loaded.Program.Path, file);
        }
        catch (DecantException e)
        {
            return new OpenedExtension([Damaged(file, e.Message)], [], [], null);
        }

        List<string> names = [];
        foreach (LoadedObject one in process.Objects)
        {
            if (one.Elf.Soname is { } soname)
                names.Add(soname);
        }

        foreach (LibraryLookup lookup in process.Lookups)
        {
            if (lookup.Object is not null)
                names.Add(lookup.Name);
        }

        return new OpenedExtension(new LoadFindings(command, process, LoadWording.OfImport).Find(), [.. process.Missing.Select(lookup => lookup.Name)], names, process);
    }

    /// <summary>Wheels bring libraries along that other wheels find only because the first have loaded them.</summary>
    bool IsAmongPackages(string library)
    {
        foreach (string directory in command.Root.LibraryDirectories(library))
        {
            foreach (PythonPathElement element in path.Elements)
            {
                if (element.Place is PythonPlace.Site or PythonPlace.UserSite or PythonPlace.Variable or PythonPlace.PathFile && LinuxPath.IsBelow(directory, element.Directory))
                    return true;
            }
        }

        return false;
    }

    static Finding Damaged(string file, string message) => new()
    {
        Id = "python-extension-damaged",
        Severity = FindingSeverity.Error,
        Cause = $"{PathBytes.Printable(file)} cannot be loaded: {message}",
        Message = $"ImportError: {PathBytes.Printable(file)}",
        Fix = "install the package that has it again, for this machine",
    };
}
