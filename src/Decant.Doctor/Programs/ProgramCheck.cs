using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the kernel and the loader can start a command's program (execve(2), ld.so(8)).</summary>
static class ProgramCheck
{
    /// <summary>S_ISUID and S_ISGID.</summary>
    const uint SetId = 0xC00;

    /// <param name="loaded">Null where there is nothing to load.</param>
    public static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host, out LoadedCommand? loaded)
    {
        loaded = null;
        // The kernel's and the host's own, of which no image tells.
        if (IsLive(command, command.Arguments[0]))
            return [];
        FoundProgram program;
        try
        {
            program = command.Programs.FindExecuted(command.Arguments[0]);
        }
        catch (ProgramException e)
        {
            return IsLive(command, e.Name) ? [] : [Missing(command, e)];
        }

        if (command.View.Resolve(program.Path) is { Exists: true, Status.IsRegular: false } other)
            return [NoFile(program.Path, other.Status.Type)];
        // What may not be executed is not looked into: the kernel does not either.
        foreach (string file in (string[])[.. program.Scripts.Select(script => script.Script), program.Path])
        {
            if (PermissionFindings.NotExecutable(command, file) is { } denied)
                return [denied with { Candidates = OnPath(command, command.Arguments[0], []) }];
        }

        List<Finding> findings = [.. ScriptCheck.Examine(command, program)];
        command.Root.Files.AdmitProgram(program.Path);
        string path = PathBytes.Printable(program.Path);
        if (command.Root.Files.Find(program.Path) is not { } read)
            return [.. findings, new Finding { Id = "program-unreadable", Severity = FindingSeverity.Note, Cause = $"{path} may not be read, so decant cannot look into it" }];
        if (read.Elf is not { } elf)
        {
            if (RefusedFormat.Examine(command, program.Path, read.Damage!) is { } refused)
                findings.Add(refused);
            return findings;
        }

        if (!host.Runs(elf.Machine))
        {
            findings.Add(ForOtherMachine(path, elf, host));
            if (!host.Emulates(elf.Machine))
                return findings;
        }

        if (InterpreterCheck.Examine(command, program.Path, elf) is { } unusable)
            return [.. findings, unusable];
        LoadedProcess process = command.Programs.Load(program.Path);
        loaded = new LoadedCommand(command, program, process);
        IEnumerable<Finding> found = new LoadFindings(command, process, LoadWording.OfProgram(PathBytes.Printable(command.Arguments[0]))).Find();
        // What a set-id program may read depends on its owner.
        findings.AddRange((command.View.Resolve(program.Path).Status.Mode & SetId) == 0 ? found : found.Where(finding => finding.Id != "library-unreadable"));
        findings.AddRange(process.Lookups.Where(lookup => lookup.IsOptional && lookup.Object is null && lookup.RequestedBy == process.Program).Select(NotPreloaded));
        if (process.Settings.CacheDamage is { } damage)
        {
            findings.Add(new Finding
            {
                Id = "loader-cache-damaged",
                Severity = FindingSeverity.Warning,
                Cause = $"the loader's table of libraries is damaged, and not used: {PathBytes.Printable(damage.Message)}",
                Fix = "run ldconfig in the image",
            });
        }

        return findings;
    }

    static Finding Missing(ExaminedCommand command, ProgramException e)
    {
        string name = PathBytes.Printable(e.Name);
        // Who may not execute a script does not come to its interpreter.
        if (e.Script is not null && PermissionFindings.NotExecutable(command, e.Script.Script) is { } denied)
            return denied;
        if (e.Errno == Errno.EACCES)
        {
            string what = e.Script is null ? name : $"{name}, which {PathBytes.Printable(e.Script.Script)} is a script for,";
            return PermissionFindings.BehindClosed(command, e.Name, what) ?? NoFile(e.Name, FileType.Directory);
        }

        List<string> evidence = [PathBytes.Printable(e.Message)];
        List<EnvironmentChange> candidates = OnPath(command, e.Name, evidence);
        // By its "#!" line itself, or by env, which that line has started.
        if ((e.Script ?? command.Starter?.Script) is { } script)
        {
            if (e.Name.EndsWith('\r'))
                return CarriageReturn.InInterpreter(command, e, script);
            return new Finding
            {
                Id = "script-interpreter-missing",
                Severity = FindingSeverity.Error,
                Cause = $"{PathBytes.Printable(script.Script)} is a script for {name}, {(e.Link is { } broken ? $"and {broken.Text}" : $"which is not in the image{(candidates.Count > 0 ? "'s PATH" : "")}")}",
                Message = e.Script is null ? $"env: '{name}': No such file or directory" : e.Errno.Describe(),
                Evidence = evidence,
                Candidates = candidates,
                Fix = name.Contains(' ') ? $"let env split the words: #!{PathBytes.Printable(script.Interpreter)} -S {name}" : $"{(e.Link is null ? $"install {name}" : "install what the link leads to")}, or change the first line of the script",
            };
        }

        return new Finding
        {
            Id = "program-missing",
            Severity = FindingSeverity.Error,
            Cause = e.Link is { } link ? $"{name} is a link that leads nowhere: {link.Text}" : candidates.Count > 0 ? $"{name} is not on PATH" : $"there is no program {name} in the image",
            Message = command.Starter?.Says(name, e.Errno) ?? (e.Name.Contains('/') ? e.Errno.Describe() : $"{name}: command not found"),
            Evidence = evidence,
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : e.Link is null ? $"install {name} in the image, or name another program" : "install what the link leads to, or make the link anew",
        };
    }

    /// <summary>Other programs of the name, that a longer PATH would give.</summary>
    /// <param name="evidence">Gets a line for each place.</param>
    static List<EnvironmentChange> OnPath(ExaminedCommand command, string program, List<string> evidence)
    {
        string file = LinuxPath.Name(program);
        string printable = PathBytes.Printable(file);
        List<EnvironmentChange> candidates = [];
        foreach (string directory in command.ProgramDirectories(file))
        {
            string because = $"{printable} is in {PathBytes.Printable(directory)}";
            evidence.Add(because);
            if (!program.Contains('/'))
                candidates.Add(EnvironmentChange.Prepend("PATH", command.Environment["PATH"], directory, because));
        }

        return candidates;
    }

    /// <summary>A path below /dev or /proc: what is there is known when it runs.</summary>
    public static bool IsLive(string path) => LinuxPath.IsBelow(path, "/dev") || LinuxPath.IsBelow(path, "/proc");

    /// <summary>The same of an absolute path that leads there over links, as one to /dev/stdin: the view shows what decant itself has there.</summary>
    public static bool IsLive(RootView view, string path) => IsLive(path) || DanglingLink.AreLive(view.Links(path));

    /// <param name="program">As the command or a "#!" line names it; not where PATH is to find it.</param>
    static bool IsLive(ExaminedCommand command, string program) =>
        program.Contains('/') && IsLive(command.View, program[0] == '/' ? program : $"{command.WorkingDirectory.TrimEnd('/')}/{program}");

    static Finding NoFile(string path, FileType type) => new()
    {
        Id = "program-no-file",
        Severity = FindingSeverity.Error,
        Cause = $"{PathBytes.Printable(path)} is no file but a {type}",
        Message = "Permission denied",
        Fix = "name a program",
    };

    static Finding ForOtherMachine(string path, ElfFile elf, DoctorHost host) => new()
    {
        Id = "program-for-other-machine",
        Severity = host.Emulates(elf.Machine) ? FindingSeverity.Warning : FindingSeverity.Error,
        Cause = $"{path} is a program for {elf.Machine.Describe()}, which this machine {(host.Emulates(elf.Machine) ? "emulates by qemu: that is slow, and some programs fail" : "cannot run")}",
        Message = host.Emulates(elf.Machine) ? null : "Exec format error",
        Fix = "pull the image for this machine: decant pull --platform",
    };

    static Finding NotPreloaded(LibraryLookup lookup) => new()
    {
        Id = "preload-missing",
        Severity = FindingSeverity.Warning,
        Cause = $"{PathBytes.Printable(lookup.Name)} is to be preloaded and cannot be: {PathBytes.Printable(lookup.Problem ?? "")}",
        Message = $"ERROR: ld.so: object '{PathBytes.Printable(lookup.Name)}' from LD_PRELOAD cannot be preloaded",
        Fix = "take it out of LD_PRELOAD or /etc/ld.so.preload",
    };
}
