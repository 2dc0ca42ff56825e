using Decant.Launch.Lowering;
using Decant.Launch.Script;

namespace Decant.Launch.Steps;

/// <summary>Makes the new root the root and lets go of the host's, with everything mounted on the way (<see cref="RootSwitch"/>).</summary>
sealed class EnterRootStep : LaunchStep
{
    public override string Describe() => "enter the root";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) =>
        lowering.Program.Pseudo(PseudoCall.EnterRoot, lowering.Root);

    /// <summary>unshare --root does it, when the program starts.</summary>
    internal override void WriteShell(ShellScript script)
    {
    }
}
