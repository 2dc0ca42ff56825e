using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>
/// Numbers of the system calls that decant makes by number: those without a wrapper in every C library it meets, and
/// all that a forked child walks. Sources: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
/// Calls from open_tree on have one number everywhere.
/// </summary>
public static class SyscallNumber
{
    static bool X64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static long Read => X64 ? 0 : 63;
    public static long Write => X64 ? 1 : 64;
    public static long Close => X64 ? 3 : 57;
    public static long Pwrite64 => X64 ? 18 : 68;
    public static long RtSigaction => X64 ? 13 : 134;
    public static long RtSigprocmask => X64 ? 14 : 135;
    public static long Ioctl => X64 ? 16 : 29;
    public static long Socket => X64 ? 41 : 198;
    public static long Getsockopt => X64 ? 55 : 209;
    public static long Fcntl => X64 ? 72 : 25;
    public static long Pipe2 => X64 ? 293 : 59;
    public static long Ppoll => X64 ? 271 : 73;
    public static long Gettid => X64 ? 186 : 178;
    public static long Tgkill => X64 ? 234 : 131;
    public static long Getpid => X64 ? 39 : 172;
    public static long Getppid => X64 ? 110 : 173;
    public static long Clone => X64 ? 56 : 220;
    public static long Execve => X64 ? 59 : 221;
    public static long ExitGroup => X64 ? 231 : 94;
    public static long Kill => X64 ? 62 : 129;
    public static long Fchdir => X64 ? 81 : 50;
    public static long Chdir => X64 ? 80 : 49;
    public static long Getcwd => X64 ? 79 : 17;
    public static long Umask => X64 ? 95 : 166;
    public static long Setuid => X64 ? 105 : 146;
    public static long Setgid => X64 ? 106 : 144;
    public static long Setgroups => X64 ? 116 : 159;
    public static long Setresuid => X64 ? 117 : 147;
    public static long Setresgid => X64 ? 119 : 149;
    public static long Setsid => X64 ? 112 : 157;
    public static long Capget => X64 ? 125 : 90;
    public static long Capset => X64 ? 126 : 91;
    public static long Prctl => X64 ? 157 : 167;
    public static long PivotRoot => X64 ? 155 : 41;
    public static long Chroot => X64 ? 161 : 51;
    public static long Mount => X64 ? 165 : 40;
    public static long Umount2 => X64 ? 166 : 39;
    public static long Sethostname => X64 ? 170 : 161;
    public static long Unshare => X64 ? 272 : 97;
    public static long Setns => X64 ? 308 : 268;
    public static long Openat => X64 ? 257 : 56;
    public static long Mkdirat => X64 ? 258 : 34;
    public static long Mknodat => X64 ? 259 : 33;
    public static long Unlinkat => X64 ? 263 : 35;
    public static long Symlinkat => X64 ? 266 : 36;
    public static long MemfdCreate => X64 ? 319 : 279;
    public static long Fchmod => X64 ? 91 : 52;
    public static long Fchmodat => X64 ? 268 : 53;
    public static long Fchownat => X64 ? 260 : 54;
    public static long Fchown => X64 ? 93 : 55;
    public static long Utimensat => X64 ? 280 : 88;
    public static long Dup3 => X64 ? 292 : 24;
    public static long Prlimit64 => X64 ? 302 : 261;
    public static long Wait4 => X64 ? 61 : 260;
    public static long Renameat2 => X64 ? 316 : 276;
    public static long Getdents64 => X64 ? 217 : 61;
    public static long Nanosleep => X64 ? 35 : 101;
    public static long Seccomp => X64 ? 317 : 277;
    public static long ClockGettime => X64 ? 228 : 113;
    public static long PidfdOpen => 434;
    public static long PidfdSendSignal => 424;
    public static long OpenTree => 428;
    public static long MoveMount => 429;
    public static long Fsopen => 430;
    public static long Fsconfig => 431;
    public static long Fsmount => 432;
    public static long CloseRange => 436;
    public static long Openat2 => 437;
    public static long MountSetattr => 442;
}
