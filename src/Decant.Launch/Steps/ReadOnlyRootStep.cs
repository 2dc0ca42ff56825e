using Decant.Launch.Lowering;
using Decant.Launch.Script;

namespace Decant.Launch.Steps;

/// <summary>--read-only, after the last thing that the launch itself had to make in the root.</summary>
sealed class ReadOnlyRootStep : LaunchStep
{
    public override string Describe() => "make the root read-only";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) => lowering.MakeRootReadOnly();

    internal override void WriteShell(ShellScript script) => script.Command("mount", "-o", "remount,bind,ro", script.Root);
}
