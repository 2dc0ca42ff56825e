using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>--mount type=overlay: a directory of the host that the program may change without the host seeing it.</summary>
sealed class OverlayStep : LaunchStep
{
    /// <summary>Absolute, on the host.</summary>
    public required string Source { get; init; }

    public required MountTarget Target { get; init; }

    /// <summary>Tells this overlay's directories in the scratch tmpfs from those of others.</summary>
    public required int Number { get; init; }

    public required FileStatus SourceStatus { get; init; }
    public required bool UserXattrs { get; init; }

    public override string Describe() =>
        $"overlay of {PathBytes.Printable(Source)} on {PathBytes.Printable(Target.Path)}; what is written goes to memory, gone with the run";

    internal override Slot[] LowerOpen(Lowering.Lowering lowering) => [lowering.OpenHost(Source, directory: true)];

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot scratch = lowering.Scratch;
        program.Call(SyscallNumber.Mkdirat, scratch, program.Text($"upper{Number}"), SourceStatus.Permissions);
        if (!UserXattrs)
            program.Call(SyscallNumber.Fchownat, scratch, program.Text($"upper{Number}"), SourceStatus.Owner, SourceStatus.Group, 0);
        program.Call(SyscallNumber.Mkdirat, scratch, program.Text($"work{Number}"), 0x1C0);
        Slot target = lowering.OpenTarget(Target);
        program.Call(SyscallNumber.Chdir, program.Text("/proc/self/fd"));
        TextComposer options = new TextComposer(program, 256)
            .Append("lowerdir=").Append(opened[0])
            .Append(",upperdir=").Append(scratch).Append($"/upper{Number},workdir=").Append(scratch).Append($"/work{Number}");
        if (UserXattrs)
            options.Append(",userxattr");
        program.Call(SyscallNumber.Mount, program.Text("decant"), lowering.DescriptorPath(target), program.Text("overlay"), 0L, options.Address);
        program.Close(target);
        program.Close(opened[0]);
        lowering.Covered(Target.Path);
    }

    internal override void WriteShell(ShellScript script)
    {
        string scratch = script.ScratchDirectory;
        script.MakeTarget(Target);
        script.Command("mkdir", "-m", Convert.ToString(SourceStatus.Permissions, 8), $"{scratch}/upper{Number}");
        script.Command("mkdir", $"{scratch}/work{Number}");
        script.Command("ln", "-s", Source, $"{scratch}/lower{Number}");
        script.Command("cd", scratch);
        script.Command("mount", "-t", "overlay", "-o",
            $"lowerdir=lower{Number},upperdir=upper{Number},workdir=work{Number}{(UserXattrs ? ",userxattr" : "")}", "decant", script.Root + Target.Path);
        script.Command("cd", "/");
    }
}
