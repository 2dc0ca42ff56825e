using Decant.Launch.Lowering;
using Decant.Launch.Script;

namespace Decant.Launch;

/// <summary>
/// One thing that a launch does. Each step has three readings: instructions for the child, a sentence for people, lines of shell.
/// Steps are immutable; what they need to know of the host was looked up when the plan was made.
/// </summary>
public abstract class LaunchStep
{
    /// <summary>What it does, in words and on one line; also the start of the message when it fails.</summary>
    public abstract string Describe();

    /// <summary>
    /// Opens what it needs from the host. All steps do this before the first one changes anything, so that no mount of the launch can
    /// hide a source of a later one.
    /// </summary>
    internal virtual Slot[] LowerOpen(Lowering.Lowering lowering) => [];

    /// <param name="lowering">What the steps share.</param>
    /// <param name="opened">What <see cref="LowerOpen"/> returned; to be closed.</param>
    internal abstract void Lower(Lowering.Lowering lowering, Slot[] opened);

    internal abstract void WriteShell(ShellScript script);
}
