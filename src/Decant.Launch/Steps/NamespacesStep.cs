using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>CLONE_* flags of namespaces(7).</summary>
[Flags]
public enum Namespaces : long
{
    None = 0,
    Mount = 0x00020000,
    Uts = 0x04000000,
    Ipc = 0x08000000,
    User = 0x10000000,
    Pid = 0x20000000,
    Network = 0x40000000,
}

/// <summary>
/// Leaves the host's namespaces. A program that takes decant's place unshares; a child is cloned into them, since a process with
/// several threads cannot unshare its user namespace, and a pid namespace begins with a child.
/// </summary>
/// <param name="namespaces">That the program is to be in.</param>
/// <param name="mapping">Of the user namespace; null for none.</param>
/// <param name="cloned">The child is cloned into them.</param>
/// <param name="shared">With the other ranks of a job.</param>
sealed class NamespacesStep(Namespaces namespaces, IdMapping? mapping, bool cloned, bool shared) : LaunchStep
{
    public Namespaces Namespaces => namespaces;

    public override string Describe()
    {
        List<string> names = [];
        foreach (Namespaces one in Enum.GetValues<Namespaces>())
        {
            if (one != Namespaces.None && namespaces.HasFlag(one))
                names.Add(one.ToString().ToLowerInvariant());
        }

        string text = $"make new namespaces: {string.Join(", ", names)}" + (mapping is null ? "" : $" ({mapping.Describe()})");
        return shared ? text + "; or enter those of another rank of this job on this host, where the root stands already" : text;
    }

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        if (lowering.Joined is { } rank)
            rank.Lower(lowering.Program, namespaces);
        else if (!cloned)
            lowering.Program.Call(SyscallNumber.Unshare, (long)namespaces);
    }

    internal override void WriteShell(ShellScript script)
    {
        script.Unshare("--mount", "--propagation", "slave");
        if (mapping is not null)
        {
            // Root inside, as a shell's commands lose their capabilities otherwise; the program gets its own identity in a second
            // user namespace.
            script.Unshare("--user", "--map-root-user");
            if (mapping.ByHelper)
                script.Unshare("--map-auto");
            else
                script.MapTo = (mapping.Users[0].Inside, mapping.Groups[0].Inside);
        }

        if (namespaces.HasFlag(Namespaces.Pid))
            script.Unshare("--pid", "--fork", "--kill-child");
        if (namespaces.HasFlag(Namespaces.Network))
            script.Unshare("--net");
        if (namespaces.HasFlag(Namespaces.Ipc))
            script.Unshare("--ipc");
        if (namespaces.HasFlag(Namespaces.Uts))
            script.Unshare("--uts");
    }
}
