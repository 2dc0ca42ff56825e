using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Makes a symbolic link in a directory that the launch has just made, such as /dev/stdin.</summary>
sealed class SymlinkStep(string directory, string name, string target) : LaunchStep
{
    public override string Describe() => $"link {PathBytes.Printable(directory)}/{name} to {target}";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened) => lowering.Link(directory, name, target);

    internal override void WriteShell(ShellScript script) => script.Command("ln", "-s", target, $"{script.Root}{directory}/{name}");
}
