using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Elf.Tests;

/// <summary>This system's own files, by plain paths.</summary>
sealed partial class HostFiles : LoaderFiles
{
    public override string RealPath(string path)
    {
        byte[] resolved = new byte[4096];
        return RealPath(path, resolved) == 0 ? path : Encoding.UTF8.GetString(resolved.AsSpan(0, resolved.AsSpan().IndexOf((byte)0)));
    }

    protected override bool TryIdentify(string path, out FileIdentity identity)
    {
        identity = default;
        if (!File.Exists(path))
            return false;
        byte[] status = new byte[256];
        // struct statx: stx_ino at 32, stx_dev_major and stx_dev_minor at 136 and 140.
        if (Statx(-100, path, 0, 0x7ff, status) != 0)
            return false;
        identity = new FileIdentity(BitConverter.ToUInt64(status, 136), BitConverter.ToUInt64(status, 32));
        return true;
    }

    protected override Stream Open(string path) => File.OpenRead(path);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte[] status);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, byte[] resolved);
}
