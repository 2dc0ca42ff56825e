using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers an error text that somebody pasted, from what the image has.</summary>
public static class Explanation
{
    const int MostAnswers = 6;

    /// <param name="command">Gives the root and the environment; its arguments do not matter.</param>
    /// <param name="host">Where it ran.</param>
    /// <param name="text">Of any length; lines that say nothing known are passed over.</param>
    /// <returns>One finding for each thing that the text names; none where it names nothing that decant knows.</returns>
    public static IReadOnlyList<Finding> Of(ExaminedCommand command, DoctorHost host, string text)
    {
        List<Finding> findings = [];
        HashSet<(KnownMessageKind, string)> told = [];
        foreach (string line in text.Split('\n'))
        {
            if (KnownMessage.Parse(line) is { } message && told.Add((message.Kind, message.Subject)))
                findings.Add(Answer(command, host, message) with { Message = PathBytes.Printable(message.Line) });
        }

        return findings;
    }

    static Finding Answer(ExaminedCommand command, DoctorHost host, KnownMessage message) => message.Kind switch
    {
        KnownMessageKind.Library => Library(command, host, message.Subject),
        KnownMessageKind.Symbol => Symbol(command, message),
        KnownMessageKind.SymbolVersion => SymbolVersion(command, message),
        KnownMessageKind.Module => Module(command, message.Subject),
        KnownMessageKind.Program => Program(command, message.Subject),
        KnownMessageKind.Triton => Toolkits(command),
        KnownMessageKind.MpiPlugin => Plugin(command, host, message),
        KnownMessageKind.Format => Error("program-for-other-machine", "a program or library is for another machine than the one that runs it", [], "pull the image for this machine: decant pull --platform"),
        KnownMessageKind.OpenMpi or KnownMessageKind.MpiRoot or KnownMessageKind.MpiComponent => MpiExplanation.Of(command, message),
        KnownMessageKind.ImportedName or KnownMessageKind.CircularImport => ImportedName(command, message),
        KnownMessageKind.Locale or KnownMessageKind.Certificates or KnownMessageKind.Instruction or KnownMessageKind.Header => SystemExplanation.Of(command, message),
        _ => CudaExplanation.Of(command, host, message.Kind),
    };

    static Finding Library(ExaminedCommand command, DoctorHost host, string name)
    {
        string library = PathBytes.Printable(LinuxPath.Name(name));
        string[] directories = [.. command.Root.LibraryDirectories(LinuxPath.Name(name))];
        string[] places = [.. directories.Where(directory => IsLibrary(command, host, $"{directory}/{LinuxPath.Name(name)}")).Select(PathBytes.Printable)];
        string[] links = [.. directories.Take(DanglingLink.MostLooks).Select(directory => DanglingLink.Find(command.View, $"{directory}/{LinuxPath.Name(name)}")).OfType<DanglingLink>().Select(link => link.Text).Distinct()];
        string[] useless = [.. directories.Where(directory => command.View.Resolve($"{directory}/{LinuxPath.Name(name)}").Exists).Select(PathBytes.Printable).Except(places)];
        string[] seen =
        [
            .. places.Select(place => $"{library} is in {place}"),
            .. links,
            .. useless.Select(place => $"{library} is in {place}, but for another machine, or damaged"),
        ];
        if (Bound(command, name) is { } bound)
        {
            return Error(
                "library-missing", $"the loader finds {library} in this image, as {PathBytes.Printable(bound)}: the text is from a run in another root or environment, or of a program that searches otherwise", seen,
                "run it with decant run; decant doctor IMAGE -- COMMAND tells whether the command finds it");
        }

        if (places.Length > 0)
        {
            return Error(
                "library-missing", $"{library} is in {places[0]}, where the loader did not look", seen,
                $"LD_LIBRARY_PATH={places[0]}; decant doctor IMAGE -- COMMAND finds the change that is enough");
        }

        return Error(
            "library-missing", links.Length > 0 ? $"{library} is only a link that leads nowhere: {links[0]}" : $"{library} is {(useless.Length > 0 ? "in the image only for another machine, or damaged" : "nowhere in the image")}",
            [.. seen, .. Similar(command, name)], LibraryRemedies.WhereToGet(LinuxPath.Name(name)));
    }

    /// <summary>What a program of the image gets by a library's name; null where it gets none, or the image has no program to ask for it.</summary>
    static string? Bound(ExaminedCommand command, string name)
    {
        if (name.Contains('/') || command.Root.Executables.FirstOrDefault(path => IsDynamic(command, path)) is not { } program)
            return null;
        try
        {
            return command.Programs.Find(program, null, program, [name]) is [{ Object: { } found }] ? found.Path : null;
        }
        catch (DecantException)
        {
            return null;
        }
    }

    static bool IsDynamic(ExaminedCommand command, string path)
    {
        try
        {
            return command.Root.Files.Find(path)?.Elf is { Interpreter: { } loader } && command.Root.Files.Find(loader)?.Elf is not null;
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    static bool IsLibrary(ExaminedCommand command, DoctorHost host, string path)
    {
        try
        {
            return command.Root.Files.Find(path) is { Elf: { IsDynamic: true, Type: ElfType.SharedObject } elf } && host.Runs(elf.Machine);
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    /// <summary>Other versions of a library that is not there.</summary>
    static string[] Similar(ExaminedCommand command, string name)
    {
        string file = LinuxPath.Name(name);
        int so = file.IndexOf(".so", StringComparison.Ordinal);
        if (so <= 0)
            return [];
        string stem = file[..(so + ".so".Length)];
        return [.. command.Root.Libraries.Where(path => LinuxPath.Name(path).StartsWith(stem, StringComparison.Ordinal)).Take(MostAnswers).Select(path => $"the image has {PathBytes.Printable(path)}")];
    }

    static Finding Symbol(ExaminedCommand command, KnownMessage message)
    {
        string symbol = PathBytes.Printable(message.Subject);
        string[] exporters = [.. Libraries(command, file => file.Exports(message.Subject)).Take(MostAnswers).Select(PathBytes.Printable)];
        string by = message.By.Length > 0 ? PathBytes.Printable(message.By) : "the program";
        return exporters.Length == 0
            ? Error("symbol-missing", $"no library of the image exports {symbol}: {by} was built with a release that is not in it", [], $"install the release of the library that {by} was built with")
            : Error(
                "symbol-missing", $"{exporters[0]} exports {symbol}, and {by} got another copy of that library, or none", [.. exporters.Select(path => $"{path} exports {symbol}")],
                "decant doctor IMAGE -- COMMAND tells which copy the program gets, and what changes it");
    }

    static Finding SymbolVersion(ExaminedCommand command, KnownMessage message)
    {
        string version = PathBytes.Printable(message.Subject);
        string[] definers = [.. Libraries(command, file => file.Defines(message.Subject)).Take(MostAnswers).Select(PathBytes.Printable)];
        bool isLibc = version.StartsWith("GLIBC_", StringComparison.Ordinal);
        return definers.Length == 0
            ? Error(
                isLibc ? "glibc-too-old" : "version-missing", $"no library of the image defines {version}{(message.By.Length > 0 ? $", which {PathBytes.Printable(message.By)} needs" : "")}", [],
                isLibc ? "use a build for the glibc of the image, or a newer image; libraries of the host do not belong into it" : "install a newer release of the library")
            : Error("version-missing", $"{definers[0]} defines {version}, and the program got another copy of that library", [.. definers.Select(path => $"{path} defines {version}")], "decant doctor IMAGE -- COMMAND tells which copy the program gets, and what changes it");
    }

    static Finding Module(ExaminedCommand command, string module)
    {
        string name = PathBytes.Printable(module);
        string path = module.Replace('.', '/');
        string top = module.Split('.')[0];
        List<string> places = [];
        foreach (string directory in command.Root.PythonDirectories)
        {
            if (command.View.Resolve($"{directory}/{path}").Exists || command.View.Resolve($"{directory}/{path}.py").Exists)
                places.Add(PathBytes.Printable(directory));
        }

        if (places.Count == 0 && top != module && command.Root.PythonDirectories.FirstOrDefault(directory => command.View.Resolve($"{directory}/{top}").Exists) is { } has)
        {
            string release = PythonRelease.Of(top, has, command.Root.Python) ?? $"the {PathBytes.Printable(top)} in {PathBytes.Printable(has)}";
            return Error("python-module-missing", $"{release} has no module {name}", [$"{PathBytes.Printable(top)} is in {PathBytes.Printable(has)}"], $"install the release of {PathBytes.Printable(top)} that the program was written for");
        }

        return places.Count == 0
            ? Error("python-module-missing", $"the module {name} is in no Python directory of the image", [.. command.Root.PythonDirectories.Take(MostAnswers).Select(directory => $"looked in {PathBytes.Printable(directory)}")], WhereToGet(command, module))
            : Error("python-module-missing", $"{name} is in {places[0]}, which the interpreter that ran does not search", [.. places.Select(place => $"{name} is in {place}")], $"run the interpreter that {places[0]} belongs to, or set PYTHONPATH={places[0]}");
    }

    /// <summary>For the python3 that PATH gives: packages of the system bring nothing to another than the system's own.</summary>
    static string WhereToGet(ExaminedCommand command, string module)
    {
        const string python = "python3";
        PythonFiles files = command.Root.Python;
        string pip = $"{python} -m pip install {PythonDistributions.Of(module)}";
        if (OnPath(command, python) is not { } path || PythonSystemPackages.Minor(path, files) is not { } minor)
            return pip;
        string? package = PythonSystemPackages.IsSystem(path, files) ? PythonSystemPackages.Install(module, minor, files) : null;
        return PythonAdditions.WhereToGet(module, minor, python) ?? package ?? pip;
    }

    /// <summary>Where PATH gives a program; null where it gives none.</summary>
    internal static string? OnPath(ExaminedCommand command, string program)
    {
        try
        {
            return command.Programs.FindExecuted(program).Path;
        }
        catch (DecantException)
        {
            return null;
        }
    }

    static Finding ImportedName(ExaminedCommand command, KnownMessage message)
    {
        string module = message.By.Length > 0 ? PathBytes.Printable(message.By) : "the module";
        string top = message.By.Split('.')[0];
        string name = PathBytes.Printable(message.Subject);
        if (message.Kind == KnownMessageKind.CircularImport)
        {
            return Error(
                "python-name-missing", $"{module} is imported while it is itself being imported, before {name} is defined: two modules import each other, or a file of yours has the name of a module", [],
                $"rename a {top}.py of yours, if there is one beside the program; else import the module, and {name} only where it is used");
        }

        string? has = top.Length == 0 ? null : command.Root.PythonDirectories.FirstOrDefault(directory => command.View.Resolve($"{directory}/{top}").Exists || command.View.Resolve($"{directory}/{top}.py").Exists);
        string release = has is null ? module : PythonRelease.Of(top, has, command.Root.Python) ?? $"the {PathBytes.Printable(top)} in {PathBytes.Printable(has)}";
        return Error(
            "python-name-missing", $"{(release == module ? release : $"{module} of {release}")} has no {name}", has is null ? [] : [$"{PathBytes.Printable(top)} is in {PathBytes.Printable(has)}"],
            $"install the release of {(top.Length > 0 ? PathBytes.Printable(top) : "the module")} that the program was written for");
    }

    static Finding Program(ExaminedCommand command, string name)
    {
        string file = LinuxPath.Name(name);
        string[] places = [.. command.ProgramDirectories(file).Select(PathBytes.Printable)];
        string printable = PathBytes.Printable(file);
        return places.Length == 0
            ? Error("program-missing", $"there is no program {printable} in the image", [], $"install {printable} in the image")
            : (command.Environment["PATH"] ?? "").Split(':').Contains(places[0])
            ? Error("program-missing", $"{printable} is in {places[0]}, which is on the image's PATH: the command ran with another PATH, or in another root", [.. places.Select(place => $"{printable} is in {place}")], $"run it with the image's own environment: decant run IMAGE {printable}")
            : Error("program-missing", $"{printable} is in {places[0]}, which is not on PATH", [.. places.Select(place => $"{printable} is in {place}")], $"PATH={places[0]}:$PATH");
    }

    static Finding Toolkits(ExaminedCommand command)
    {
        IReadOnlyList<CudaToolkit> toolkits = command.Root.Cuda.Toolkits;
        string[] seen = [.. toolkits.Select(toolkit => $"CUDA {toolkit.Version} is in {PathBytes.Printable(toolkit.Directory)}")];
        return Error(
            "triton-cuda-unknown", "Triton does not know the CUDA of the ptxas that it ran", [.. seen, .. Link(command)],
            "TRITON_PTXAS_PATH=DIRECTORY/bin/ptxas of a toolkit that it knows; decant doctor IMAGE -- COMMAND finds it");
    }

    static IEnumerable<string> Link(ExaminedCommand command)
    {
        if (command.Root.Cuda.At(CudaToolkit.Usual) is { } linked)
            yield return $"{CudaToolkit.Usual} leads to {PathBytes.Printable(linked.Directory)}, CUDA {linked.Version}";
    }

    /// <summary>Told with what the loader says of it.</summary>
    static Finding Plugin(ExaminedCommand command, DoctorHost host, KnownMessage message) =>
        MpiExplanation.Plugin(command, message, KnownMessage.Parse(message.By) is { Kind: not KnownMessageKind.MpiPlugin } why ? Answer(command, host, why) : null);

    static IEnumerable<string> Libraries(ExaminedCommand command, Func<LoaderFile, bool> has) =>
        command.Root.LibraryFiles.Where(path => command.Root.Files.Find(path) is { Elf: not null } file && has(file));

    static Finding Error(string id, string cause, IReadOnlyList<string> evidence, string fix) => new()
    {
        Id = id,
        Severity = FindingSeverity.Error,
        Cause = cause,
        Evidence = evidence,
        Fix = fix,
    };
}
