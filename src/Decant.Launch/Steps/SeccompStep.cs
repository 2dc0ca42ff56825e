using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>--security-opt seccomp=builtin. Set while the child may still do so without giving up new privileges; nothing that it does afterwards is refused.</summary>
sealed class SeccompStep : LaunchStep
{
    const long SetModeFilter = 1;
    const int InstructionBytes = 8;

    public override string Describe() => "refuse the system calls that docker's built-in seccomp profile refuses";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        byte[] filter = SeccompFilter.Build();
        // struct sock_fprog: the number of instructions, and where they are.
        byte* program = lowering.Program.Allocate(16);
        *(ushort*)program = (ushort)(filter.Length / InstructionBytes);
        *(byte**)(program + 8) = lowering.Program.Bytes(filter);
        lowering.Program.Call(SyscallNumber.Seccomp, SetModeFilter, 0L, program);
    }

    internal override void WriteShell(ShellScript script) =>
        throw new DecantException("a script cannot set a seccomp filter: no program of a usual host does that for it", "leave --security-opt out, or use decant run");
}
