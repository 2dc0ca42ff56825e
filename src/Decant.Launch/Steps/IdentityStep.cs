using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Becomes the user that the program runs as, and gives up what must not be inherited.</summary>
sealed class IdentityStep : LaunchStep
{
    const long PrSetNoNewPrivileges = 38;
    const long PrCapAmbient = 47;
    const long AmbientClearAll = 4;

    public required ImageUser User { get; init; }

    /// <summary>False in a user namespace that maps only the caller: the mapping is the identity, and the kernel allows no other.</summary>
    public required bool Switch { get; init; }

    /// <summary>Rootless: set-id programs of the image stay without effect (prctl(2), PR_SET_NO_NEW_PRIVS).</summary>
    public required bool NoNewPrivileges { get; init; }

    /// <summary>The caller's permitted and effective sets where its inheritable set is not empty and must be emptied; else null.</summary>
    public required CapabilitySets? Capabilities { get; init; }

    public override string Describe()
    {
        string groups = User.Groups.Length == 0 ? "" : $", groups {string.Join(',', User.Groups)}";
        return $"run as uid {User.Uid}, gid {User.Gid}{(Switch ? groups : "")}{(NoNewPrivileges ? ", without new privileges" : "")}";
    }

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        if (Capabilities is { } sets)
        {
            uint* header = (uint*)program.Allocate(8);
            header[0] = CapabilitySets.Version3;
            program.Call(SyscallNumber.Capset, (byte*)header, program.Bytes(sets.WithoutInheritable()));
        }

        // EINVAL: a kernel older than ambient capabilities has none to clear.
        program.CallTolerating(Errno.EINVAL, Errno.None, Errno.None, SyscallNumber.Prctl, PrCapAmbient, AmbientClearAll, 0L, 0L, 0L);
        if (Switch)
        {
            uint* groups = (uint*)program.Allocate(sizeof(uint) * Math.Max(1, User.Groups.Length));
            for (int i = 0; i < User.Groups.Length; i++)
                groups[i] = User.Groups[i];
            program.Call(SyscallNumber.Setgroups, User.Groups.Length, (byte*)groups);
            program.Call(SyscallNumber.Setresgid, User.Gid, User.Gid, User.Gid);
            program.Call(SyscallNumber.Setresuid, User.Uid, User.Uid, User.Uid);
        }

        if (NoNewPrivileges)
            program.Call(SyscallNumber.Prctl, PrSetNoNewPrivileges, 1L, 0L, 0L, 0L);
    }

    internal override void WriteShell(ShellScript script)
    {
        if (Switch)
        {
            script.Prefix("setpriv", $"--regid={User.Gid}", User.Groups.Length == 0 ? "--clear-groups" : $"--groups={string.Join(',', User.Groups)}", "--inh-caps=-all");
            script.SetUid = User.Uid;
        }

        if (NoNewPrivileges)
            script.Prefix("setpriv", "--no-new-privs");
    }
}
