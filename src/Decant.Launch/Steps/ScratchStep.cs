using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>A tmpfs of the launch's own, on which the root is put together; it ends with the last process of the run.</summary>
sealed class ScratchStep : LaunchStep
{
    /// <summary>A directory of the host that may be hidden meanwhile.</summary>
    public required string Directory { get; init; }

    /// <summary>Permission bits and owner of the image's root directory, which the upper layer's root repeats; null without an upper layer in memory.</summary>
    public required FileStatus? UpperRoot { get; init; }

    /// <summary>A kept upper layer; null for one in memory or none.</summary>
    public required string? KeptUpper { get; init; }

    /// <summary>What devices bring lies in a layer of its own, between the image and a kept upper layer: nothing of it is kept.</summary>
    public required bool HasDeviceLayer { get; init; }

    /// <summary>Only root may give the upper layer another owner.</summary>
    public required bool ChangeOwner { get; init; }

    public override string Describe() => $"mount a tmpfs of the launch's own on {Directory}, where the host does not see it";

    internal override Slot[] LowerOpen(Lowering.Lowering lowering) =>
        KeptUpper is null ? [] : [lowering.OpenHost(KeptUpper, directory: true)];

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        program.Call(SyscallNumber.Mount, program.Text("decant"), program.Text(Directory), program.Text("tmpfs"),
            (long)(MountCall.NoSuid | MountCall.NoDev), program.Text("mode=0755"));
        Slot scratch = lowering.Scratch = lowering.OpenHost(Directory, directory: true);
        program.Call(SyscallNumber.Mkdirat, scratch, program.Text("root"), 0x1ED);
        if (opened.Length > 0)
        {
            lowering.Upper = opened[0];
            lowering.UpperIsKept = true;
            if (HasDeviceLayer)
            {
                program.Call(SyscallNumber.Mkdirat, scratch, program.Text(Lowering.Lowering.DeviceLayerName), 0x1ED);
                lowering.DeviceLayer = lowering.OpenBelow(scratch, Lowering.Lowering.DeviceLayerName, isDirectory: true);
            }

            return;
        }

        if (UpperRoot is not { } status)
            return;
        program.Call(SyscallNumber.Mkdirat, scratch, program.Text("upper"), Mode(status));
        if (ChangeOwner && (status.Owner | status.Group) != 0)
            program.Call(SyscallNumber.Fchownat, scratch, program.Text("upper"), status.Owner, status.Group, 0);
        program.Call(SyscallNumber.Mkdirat, scratch, program.Text("work"), 0x1C0);
        lowering.Upper = lowering.OpenBelow(scratch, "upper", isDirectory: true);
    }

    internal override void WriteShell(ShellScript script)
    {
        script.Command("mount", "-t", "tmpfs", "-o", "mode=0755,nosuid,nodev", "decant", Directory);
        script.Command("mkdir", script.Root);
        if (UpperRoot is { } status)
        {
            script.Command("mkdir", "-m", Convert.ToString(Mode(status), 8), script.Upper);
            if (ChangeOwner && (status.Owner | status.Group) != 0)
                script.Command("chown", $"{status.Owner}:{status.Group}", script.Upper);
            script.Command("mkdir", $"{Directory}/work");
        }
    }

    /// <summary>Whoever owns it must be able to create in it, or overlayfs is read-only.</summary>
    static uint Mode(FileStatus status) => status.Permissions | 0xC0;
}
