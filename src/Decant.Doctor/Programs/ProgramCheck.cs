using Decant.Elf;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the kernel and the loader can start a command's program (execve(2), ld.so(8)).</summary>
static class ProgramCheck
{
    const uint Executable = 0x49;

    /// <param name="loaded">Null where there is nothing to load.</param>
    public static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host, out LoadedCommand? loaded)
    {
        loaded = null;
        // The kernel's and the host's own, of which no image tells.
        if (IsLive(command.Arguments[0]))
            return [];
        FoundProgram program;
        try
        {
            program = command.Programs.Find(command.Arguments[0]);
        }
        catch (ProgramException e)
        {
            return [Missing(command, e)];
        }

        if (command.View.Resolve(program.Path) is { Exists: true, Status.IsRegular: false } other)
            return [NoFile(program.Path, other.Status.Type)];
        List<Finding> findings = [];
        foreach (ScriptLine script in program.Scripts)
            AddIfNotExecutable(command, script.Script, findings);
        AddIfNotExecutable(command, program.Path, findings);
        string path = PathBytes.Printable(program.Path);
        if (command.Root.Files.Find(program.Path) is not { } file)
            return [.. findings, new Finding { Id = "program-unreadable", Severity = FindingSeverity.Note, Cause = $"{path} may not be read, so decant cannot look into it" }];
        if (file.Elf is not { } elf)
        {
            findings.Add(NoProgram(path, file.Damage!));
            return findings;
        }

        if (!host.Runs(elf.Machine))
        {
            findings.Add(ForOtherMachine(path, elf, host));
            if (!host.Emulates(elf.Machine))
                return findings;
        }

        LoadedProcess process = command.Programs.Load(program.Path);
        loaded = new LoadedCommand(command, program, process);
        findings.AddRange(new LoadFindings(command, process, LoadWording.OfProgram(PathBytes.Printable(command.Arguments[0]))).Find());
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
        string file = LinuxPath.Name(e.Name);
        List<string> evidence = [PathBytes.Printable(e.Message)];
        List<EnvironmentChange> candidates = [];
        foreach (string directory in command.ProgramDirectories(file))
        {
            evidence.Add($"{PathBytes.Printable(file)} is in {PathBytes.Printable(directory)}");
            if (!e.Name.Contains('/'))
                candidates.Add(EnvironmentChange.Prepend("PATH", command.Environment["PATH"], directory, $"{PathBytes.Printable(file)} is in {PathBytes.Printable(directory)}"));
        }

        if (e.Script is { } script)
        {
            return new Finding
            {
                Id = "script-interpreter-missing",
                Severity = FindingSeverity.Error,
                Cause = $"{PathBytes.Printable(script.Script)} is a script for {name}, which is not in the image{(candidates.Count > 0 ? "'s PATH" : "")}",
                Message = script.Program is null ? "No such file or directory" : $"env: '{name}': No such file or directory",
                Evidence = evidence,
                Candidates = candidates,
                Fix = script.Interpreter.EndsWith('\r') ? "the script has line ends of Windows: sed -i 's/\\r$//' on it" : $"install {name}, or change the first line of the script",
            };
        }

        return new Finding
        {
            Id = "program-missing",
            Severity = FindingSeverity.Error,
            Cause = candidates.Count > 0 ? $"{name} is not on PATH" : $"there is no program {name} in the image",
            Message = e.Name.Contains('/') ? "No such file or directory" : $"{name}: command not found",
            Evidence = evidence,
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : $"install {name} in the image, or name another program",
        };
    }

    /// <summary>A path below /dev or /proc: what is there is known when it runs.</summary>
    public static bool IsLive(string path) => LinuxPath.IsBelow(path, "/dev") || LinuxPath.IsBelow(path, "/proc");

    static Finding NoFile(string path, FileType type) => new()
    {
        Id = "program-no-file",
        Severity = FindingSeverity.Error,
        Cause = $"{PathBytes.Printable(path)} is no file but a {type}",
        Message = "Permission denied",
        Fix = "name a program",
    };

    static void AddIfNotExecutable(ExaminedCommand command, string path, List<Finding> findings)
    {
        RootEntry entry = command.View.Resolve(path);
        if (!entry.Exists || (entry.Status.Mode & Executable) != 0)
            return;
        string printable = PathBytes.Printable(path);
        findings.Add(new Finding
        {
            Id = "program-not-executable",
            Severity = FindingSeverity.Error,
            Cause = $"{printable} may not be executed by anybody: its mode is {Convert.ToString(entry.Status.Permissions, 8)}",
            Message = "Permission denied",
            Fix = $"chmod +x {printable} in the image",
        });
    }

    static Finding NoProgram(string path, ElfFormatException damage) => new()
    {
        Id = "program-no-executable-format",
        Severity = FindingSeverity.Error,
        Cause = $"{path} is neither an ELF program nor a script with a #! line: {PathBytes.Printable(damage.Cause)}",
        Message = "Exec format error",
        Fix = "begin a script with #!/bin/sh, or copy the program again where it is damaged",
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
