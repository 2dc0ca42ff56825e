using Decant.Launch.Lowering;
using Decant.Launch.Script;

namespace Decant.Launch.Steps;

/// <summary>Mounts a file system of the kernel's in the new root: tmpfs, proc, mqueue.</summary>
sealed class FileSystemStep : LaunchStep
{
    public required string Type { get; init; }
    public required MountTarget Target { get; init; }
    public MountFlags Flags { get; init; }
    public string Options { get; init; } = "";

    /// <summary>Why, for the explanation.</summary>
    public required string Why { get; init; }

    public override string Describe() =>
        $"mount {Type} on {Linux.PathBytes.Printable(Target.Path)}{(Options.Length > 0 ? "," + Options : "")}{Flags.ToOptions()} ({Why})";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) =>
        lowering.MountNew(Type, Target, Flags, Options);

    internal override void WriteShell(ShellScript script)
    {
        script.MakeTarget(Target);
        string options = (Options + Flags.ToOptions()).TrimStart(',');
        if (options.Length > 0)
            script.Command("mount", "-t", Type, "-o", options, Type, script.Root + Target.Path);
        else
            script.Command("mount", "-t", Type, Type, script.Root + Target.Path);
    }
}
