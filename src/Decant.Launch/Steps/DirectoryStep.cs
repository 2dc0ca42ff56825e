using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// A directory in the upper layer, made before the overlay is mounted: so it works too where the image's directories belong to somebody
/// else. One that the image has as well shows its content through, under the attributes given here.
/// </summary>
sealed class DirectoryStep : SeedStep
{
    /// <summary>Permission bits.</summary>
    public required uint Mode { get; init; }

    /// <summary>Owner and group; null where only the caller can be.</summary>
    public required (uint Owner, uint Group)? Owner { get; init; }

    public override string Describe() => $"make {PathBytes.Printable(Path)} in {Layer}, mode {Convert.ToString(Mode, 8)}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot parent = lowering.OpenInUpper(LinuxPath.Parent(Path), OfDevices);
        byte* name = program.Text(LinuxPath.Name(Path));
        // A kept upper layer may have a whiteout here; a directory that is there already stays.
        if (lowering.UpperIsKept && !OfDevices)
            program.CallTolerating(Errno.ENOENT, Errno.EISDIR, Errno.None, SyscallNumber.Unlinkat, parent, name, 0L);
        program.CallTolerating(Errno.EEXIST, Errno.None, Errno.None, SyscallNumber.Mkdirat, parent, name, Mode);
        if (Owner is { } owner)
            program.Call(SyscallNumber.Fchownat, parent, name, owner.Owner, owner.Group, 0x100L /* AT_SYMLINK_NOFOLLOW */);
    }

    internal override void WriteShell(ShellScript script)
    {
        string path = script.Upper + Path;
        script.Command("mkdir", "-m", Convert.ToString(Mode, 8), path);
        if (Owner is { } owner && owner != (0u, 0u))
            script.Command("chown", $"{owner.Owner}:{owner.Group}", path);
    }
}
