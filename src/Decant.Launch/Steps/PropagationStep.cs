using Decant.Launch.Lowering;
using Decant.Launch.Script;

namespace Decant.Launch.Steps;

/// <summary>Before the first mount: nothing mounted from here on reaches the host; what the host mounts still arrives.</summary>
sealed class PropagationStep : LaunchStep
{
    public override string Describe() => "receive the host's mounts and send none back (rslave /)";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) => lowering.Program.Pseudo(PseudoCall.StopPropagation);

    /// <summary>unshare --propagation slave has done it.</summary>
    internal override void WriteShell(ShellScript script)
    {
    }
}
