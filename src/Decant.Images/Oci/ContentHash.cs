using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// A digest while it is gathered. By the host's OpenSSL, which uses the processor's own instructions; where a host has none, SHA-256
/// by decant's own code, a few times slower (the framework would end the process).
/// </summary>
sealed class ContentHash : IDisposable
{
    static readonly bool HostHasOpenSsl = FindOpenSsl();

    readonly bool isSha512;
    readonly IncrementalHash? fast;
    readonly ManagedSha256? own;

    ContentHash(bool isSha512)
    {
        this.isSha512 = isSha512;
        if (HostHasOpenSsl)
            fast = IncrementalHash.CreateHash(isSha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        else if (isSha512)
            throw new DecantException("this host has no OpenSSL library (libssl.so.3 or libssl.so.1.1), which decant needs for sha512 digests", "apt-get install libssl3");
        else
            own = new ManagedSha256();
    }

    public static ContentHash Sha256() => new(isSha512: false);

    public static ContentHash Sha512() => new(isSha512: true);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (fast is not null)
            fast.AppendData(bytes);
        else
            own!.Append(bytes);
    }

    /// <summary>What was gathered; the hash starts anew.</summary>
    public Digest Finish() =>
        Digest.Parse((isSha512 ? "sha512:" : "sha256:") + Convert.ToHexStringLower(fast?.GetHashAndReset() ?? own!.Finish()));

    public void Dispose() => fast?.Dispose();

    /// <summary>The names that the framework looks for, as far as supported distributions have them.</summary>
    static bool FindOpenSsl()
    {
        foreach (string name in (ReadOnlySpan<string>)["libssl.so.3", "libssl.so.1.1"])
        {
            if (NativeLibrary.TryLoad(name, out _))
                return true;
        }

        return false;
    }
}
