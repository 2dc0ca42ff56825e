using System.Collections.Concurrent;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Every program and library of a root, each as it would be loaded by itself. A program on PATH that cannot start is an error, one that
/// lies elsewhere a warning: images carry tools for machines and libraries that they do not have. Of libraries only what they need is
/// asked; their symbols may come from the programs that open them.
/// </summary>
public sealed class RootExamination
{
    const int MostAlike = 5;

    readonly ExaminedCommand command;
    readonly DoctorHost host;
    readonly ConcurrentBag<(string Path, Finding Finding)> found = [];
    readonly ConcurrentDictionary<ElfMachine, int> foreign = new();
    readonly HashSet<string> onPath;
    readonly bool hasKnownGpu;
    int programs;
    int libraries;

    RootExamination(ExaminedCommand command, DoctorHost host)
    {
        this.command = command;
        this.host = host;
        hasKnownGpu = host.Gpus.Any(gpu => gpu.ComputeCapability is not null);
        onPath = [.. (command.Environment["PATH"] ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => command.View.Resolve(directory).Path)];
    }

    /// <summary>Dynamic programs that were bound.</summary>
    public int Programs => programs;

    /// <summary>Shared libraries and plugins that were bound.</summary>
    public int Libraries => libraries;

    /// <summary>The worst first, then by path.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <param name="command">Gives the root and the environment; its arguments do not matter.</param>
    public static RootExamination Of(ExaminedCommand command, DoctorHost host)
    {
        RootExamination examination = new(command, host);
        string[] paths = [.. command.Root.Executables, .. command.Root.LibraryFiles];
        Parallel.ForEach(Partitioner.Create(paths, loadBalance: true), examination.File);
        if (examination is { programs: 0, libraries: 0, foreign.IsEmpty: false })
            examination.found.Add(("", examination.ForOtherMachine()));
        foreach (Finding finding in CudaCheck.ExamineRoot(command, host))
            examination.found.Add(("/", finding));
        examination.Findings =
        [
            .. examination.found.OrderByDescending(one => one.Finding.Severity).ThenBy(one => one.Path, StringComparer.Ordinal).Select(one => one.Finding),
        ];
        return examination;
    }

    /// <summary>Images carry single programs for other machines; one that has no others was pulled for the wrong one.</summary>
    Finding ForOtherMachine()
    {
        (ElfMachine machine, int count) = foreign.MaxBy(pair => pair.Value);
        return new Finding
        {
            Id = "program-for-other-machine",
            Severity = FindingSeverity.Error,
            Cause = $"the image is for {machine.Describe()}, which this machine cannot run: {count} programs and libraries, and none for this machine",
            Message = "Exec format error",
            Fix = "pull the image for this machine: decant pull --platform",
        };
    }

    void File(string path)
    {
        try
        {
            if (command.Root.Files.Find(path) is not { Elf: { IsDynamic: true } elf })
                return;
            if (!host.Runs(elf.Machine) && !host.Emulates(elf.Machine))
            {
                foreign.AddOrUpdate(elf.Machine, 1, (_, count) => count + 1);
                return;
            }

            bool isProgram = elf.Interpreter is not null;
            if (hasKnownGpu)
                Code(path);
            LoadedProcess process = command.Programs.Load(path);
            Interlocked.Increment(ref isProgram ? ref programs : ref libraries);
            if (isProgram)
                Program(path, process);
            else
                Library(path, process);
        }
        catch (Exception e) when (e is ElfFormatException or DecantException)
        {
            found.Add((path, new Finding { Id = "file-damaged", Severity = FindingSeverity.Warning, Cause = PathBytes.Printable(e.Message) }));
        }
    }

    /// <summary>Damage there is none of the loader's business.</summary>
    void Code(string path)
    {
        try
        {
            if (DeviceCodeCheck.Judge(path, command.Root.Files.Find(path)!.DeviceCode(), host) is { } finding)
                found.Add((path, finding));
        }
        catch (ElfFormatException e)
        {
            found.Add((path, new Finding { Id = "file-damaged", Severity = FindingSeverity.Note, Cause = PathBytes.Printable(e.Message) }));
        }
    }

    void Program(string path, LoadedProcess process)
    {
        bool isOnPath = onPath.Contains(path[..Math.Max(path.LastIndexOf('/'), 1)]);
        foreach (IGrouping<string, Finding> alike in new LoadFindings(command, process, LoadWording.OfProgram(PathBytes.Printable(path))).Find().GroupBy(finding => finding.Id))
        {
            Finding finding = Together([.. alike]) with { File = path };
            found.Add((path, isOnPath || finding.Severity != FindingSeverity.Error ? finding : finding with { Severity = FindingSeverity.Warning }));
        }
    }

    /// <summary>What a program lacks is one finding: a tool without its start script lacks dozens of libraries.</summary>
    static Finding Together(Finding[] alike) => alike.Length == 1
        ? alike[0]
        : alike[0] with
        {
            Lacking = Array.Exists(alike, finding => finding.Lacking is null) ? null : string.Join(' ', alike.Select(finding => finding.Lacking).Order(StringComparer.Ordinal)),
            Cause = $"{alike[0].Cause}; and {alike.Length - 1} more like it",
            Evidence = [.. alike[0].Evidence, .. alike.Skip(1).Take(MostAlike).Select(finding => finding.Cause)],
        };

    /// <summary>Of an extension module of a standard library whose interpreter is there too: libraries that it does not find there, though the image has them.</summary>
    /// <returns>False where there is nothing of the kind to tell.</returns>
    bool AddMoved(string path)
    {
        string directory = LinuxPath.Parent(path);
        string library = LinuxPath.Parent(directory);
        string python = $"{LinuxPath.Parent(LinuxPath.Parent(library)).TrimEnd('/')}/bin/{LinuxPath.Name(library)}";
        if (LinuxPath.Name(directory) != "lib-dynload" || command.Root.Files.Find(python)?.Elf is null)
            return false;
        LoadedProcess opened = command.Programs.Open(python, path);
        LibraryRemedies remedies = new(command, opened);
        if (!opened.Missing.Any(lookup => remedies.Places(lookup).Any()))
            return false;
        foreach (Finding finding in new LoadFindings(command, opened, LoadWording.OfImport).Find())
        {
            string? change = finding.Candidates is [var first, ..] ? $"{first.Describe(command.Environment[first.Name])}, as {first.Reason}" : null;
            found.Add((path, finding with
            {
                Severity = FindingSeverity.Warning,
                File = path,
                Evidence = [$"{PathBytes.Printable(python)} opens it at import {PathBytes.Printable(LinuxPath.Name(path).Split('.')[0])}", .. finding.Evidence],
                Fix = change ?? finding.Fix,
            }));
        }

        return true;
    }

    void Library(string path, LoadedProcess process)
    {
        bool isTold = process.Missing.Any() && AddMoved(path);
        foreach (LibraryLookup lookup in process.Missing)
        {
            if (isTold)
                break;
            // Its own loader is the program's, which may be another's.
            if (lookup.Rule == BindingRule.Interpreter || lookup.RequestedBy != process.Program)
                continue;
            string library = PathBytes.Printable(lookup.Name);
            found.Add((path, new Finding
            {
                Id = "library-missing",
                Severity = FindingSeverity.Note,
                Lacking = lookup.Name,
                File = path,
                Cause = $"{PathBytes.Printable(path)} needs {library}, which the loader does not find for it alone: it works only in programs that have it",
            }));
        }

        // Bound all the same: what cannot be read is worth knowing.
        ProcessSymbols symbols = new(process);
        _ = symbols.Unresolved();
        foreach (ElfFormatException damaged in symbols.Damaged)
            found.Add((path, new Finding { Id = "library-damaged", Severity = FindingSeverity.Warning, Cause = PathBytes.Printable(damaged.Message) }));
    }
}
