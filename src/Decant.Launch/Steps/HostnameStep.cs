using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>--hostname, in a uts namespace of the run's own.</summary>
sealed class HostnameStep(string name) : LaunchStep
{
    public override string Describe() => $"set the host name to {PathBytes.Printable(name)}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened) =>
        lowering.Program.Call(SyscallNumber.Sethostname, lowering.Program.Text(name), PathBytes.Encode(name).Length);

    /// <summary>Not through /proc/sys, which belongs to the host's root whatever the namespace.</summary>
    internal override void WriteShell(ShellScript script) => script.Command("hostname", name);
}
