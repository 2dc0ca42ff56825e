using System.Text;
using CsCheck;

namespace Decant.Doctor.Tests;

public sealed class StackInventoryTests
{
    [Theory]
    [InlineData("UCX", "junk\0A1.13.1\0more", "1.13.1")]
    [InlineData("UCX", "\02.9.0\0127.0.0.1\0", null)]
    [InlineData("PMIx", "\02.9.0\0OpenPMIx 4.2.2rc2 (PMIx Standard\0", "4.2.2")]
    [InlineData("Open MPI", "\0vice\0v5.0.7\0", "5.0.7")]
    [InlineData("MPICH", "MPICH Version:\t4.0.2\n", "4.0.2")]
    [InlineData("glibc", "GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n", "2.36")]
    [InlineData("hwloc", "\0GLIBC_2.2.5\02.9.0\0", "2.9.0")]
    [InlineData("libfabric", "\0127.0.0.1\01.17.0\0", "1.17.0")]
    [InlineData("hwloc", "x-2.0.1\0" + "2.12.0\0", "2.12.0")]
    public void Libraries_tell_their_versions_in_their_strings(string name, string text, string? version) =>
        Assert.Equal(version, StackInventory.Version(StackKind.All.Single(kind => kind.Name == name), Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Any_bytes_tell_a_version_or_none() => Gen.Select(Gen.Int[0, StackKind.All.Count - 1], Gen.Byte.Array[0, 300]).Sample((number, bytes) =>
    {
        StackKind kind = StackKind.All[number];
        byte[] words = Encoding.ASCII.GetBytes(kind.Words);
        return StackInventory.Version(kind, [.. words, .. bytes, .. words]) is null or { Length: > 2 };
    });
}
