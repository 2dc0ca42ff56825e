namespace Decant.Linux;

/// <summary>Who is at the other end of a Unix socket (unix(7), SO_PEERCRED).</summary>
public static unsafe class SocketPeer
{
    const long SocketLevel = 1;
    const long PeerCredentials = 17;

    /// <summary>The process that made the pair, or listened; null for what is no such socket.</summary>
    /// <param name="descriptor">An open descriptor of this process.</param>
    public static int? Process(int descriptor)
    {
        // struct ucred: pid, uid, gid.
        int* peer = stackalloc int[3];
        int length = 3 * sizeof(int);
        long result = Libc.RawSyscall(SyscallNumber.Getsockopt, descriptor, SocketLevel, PeerCredentials, (long)peer, (long)&length, 0);
        return result == 0 && peer[0] > 0 ? peer[0] : null;
    }
}
