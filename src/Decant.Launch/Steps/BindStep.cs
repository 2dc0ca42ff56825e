using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Shows a file or directory of the host in the new root.</summary>
sealed class BindStep : LaunchStep
{
    /// <summary>Absolute, on the host.</summary>
    public required string Source { get; init; }

    public required MountTarget Target { get; init; }
    public bool Recursive { get; init; } = true;
    public MountFlags Flags { get; init; }

    /// <summary>Slave is what every copy of a mount is already, since the launch has made the host's so.</summary>
    public MountPropagation Propagation { get; init; } = MountPropagation.Slave;

    /// <summary>Why, for the explanation: "--volume /data:/data", "terminals of the host".</summary>
    public required string Why { get; init; }

    public override string Describe() =>
        $"bind {PathBytes.Printable(Source)} on {PathBytes.Printable(Target.Path)}{Flags.ToOptions()}{HowOptions} ({Why})";

    string HowOptions => (Propagation == MountPropagation.Slave ? "" : $",{Propagation.ToString().ToLowerInvariant()}") + (Recursive ? "" : ",nonrecursive");

    internal override Slot[] LowerOpen(Lowering.Lowering lowering) => [lowering.CloneHostTree(Source, Target.IsDirectory, Recursive)];

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) =>
        lowering.Attach(opened[0], Target, Recursive, Flags, Propagation);

    internal override void WriteShell(ShellScript script)
    {
        script.MakeTarget(Target);
        string on = script.Root + Target.Path;
        script.Command("mount", Recursive ? "--rbind" : "--bind", $"--make-{(Recursive ? "r" : "")}{Propagation.ToString().ToLowerInvariant()}", Source, on);
        if (Flags != MountFlags.None)
            script.Command("mount", "-o", "remount,bind" + Flags.ToOptions(), on);
    }
}
