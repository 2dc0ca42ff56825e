using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// A small file in the upper layer, in place of what the image has there, be it a link or a pipe. A copy, not a bind mount: programs in
/// the image may replace it by renaming, as package managers do.
/// </summary>
sealed class FileStep : SeedStep
{
    public required byte[] Content { get; init; }

    /// <summary>Where the content comes from: "the host's /etc/hosts".</summary>
    public required string Origin { get; init; }

    public override string Describe() => $"write {PathBytes.Printable(Path)} to {Layer}, {Content.Length} bytes ({Origin})";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot parent = lowering.OpenInUpper(LinuxPath.Parent(Path), OfDevices);
        byte* name = program.Text(LinuxPath.Name(Path));
        if (lowering.UpperIsKept && !OfDevices)
            program.CallTolerating(Errno.ENOENT, Errno.None, Errno.None, SyscallNumber.Unlinkat, parent, name, 0L);
        Slot file = program.Open(SyscallNumber.Openat, parent, name,
            (long)(OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec | OpenFlag.NoFollow), 0x1A4);
        if (Content.Length > 0)
            program.CallExpecting(Content.Length, SyscallNumber.Write, file, program.Bytes(Content), Content.Length);
        program.Close(file);
    }

    internal override void WriteShell(ShellScript script)
    {
        string path = ShellWord.Quote(script.Upper + Path);
        script.Line($"printf '{ShellScript.PrintfOctal(Content)}' > {path}; chmod 644 {path}");
    }
}
