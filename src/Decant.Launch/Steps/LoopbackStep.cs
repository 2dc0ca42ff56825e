using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>A new network namespace has only a loopback interface, and that is down (netdevice(7)).</summary>
sealed class LoopbackStep : LaunchStep
{
    const long InetDatagram = 2;
    const long SetInterfaceFlags = 0x8914;

    public override string Describe() => "bring the loopback interface up";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        // struct ifreq: 16 bytes of name, then the flags IFF_UP | IFF_RUNNING; 40 bytes in all.
        byte* request = program.Allocate(40);
        request[0] = (byte)'l';
        request[1] = (byte)'o';
        *(short*)(request + 16) = 0x1 | 0x40;
        Slot socket = program.Open(SyscallNumber.Socket, InetDatagram, 2L | (long)OpenFlags.CloseOnExec, 0L);
        program.Call(SyscallNumber.Ioctl, socket, SetInterfaceFlags, request);
        program.Close(socket);
    }

    internal override void WriteShell(ShellScript script) => script.Line("ip link set lo up");
}
