using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Hides a file of the kernel's by a small one, which lies in the launch's own tmpfs and cannot be written.</summary>
sealed class CoverStep : LaunchStep
{
    public required MountTarget Target { get; init; }
    public required byte[] Content { get; init; }

    /// <summary>Tells it from others of this launch.</summary>
    public required int Number { get; init; }

    /// <summary>Who asks.</summary>
    public required string Why { get; init; }

    string FileName => $"cover{Number}";

    public override string Describe() => $"hide {PathBytes.Printable(Target.Path)} by a file of {Content.Length} bytes ({PathBytes.Printable(Why)})";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot file = program.Open(SyscallNumber.Openat, lowering.Scratch, program.Text(FileName),
            (long)(OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec | OpenFlag.NoFollow), 0x124L);
        program.CallExpecting(Content.Length, SyscallNumber.Write, file, program.Bytes(Content), Content.Length);
        program.Close(file);
        lowering.Attach(lowering.CloneFile(lowering.Scratch, FileName), Target, recursive: false, MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev, MountPropagation.Private);
    }

    internal override void WriteShell(ShellScript script)
    {
        string file = $"{script.ScratchDirectory}/{FileName}";
        script.Line($"printf '{ShellScript.PrintfOctal(Content)}' > {ShellWord.Quote(file)}");
        script.MakeTarget(Target);
        script.Command("mount", "--bind", file, script.Root + Target.Path);
        script.Command("mount", "-o", "remount,bind,ro", script.Root + Target.Path);
    }
}
