using System.Text;
using CsCheck;

namespace Decant.Doctor.Tests;

public sealed class EmbeddedDirectoriesTests
{
    [Fact]
    public void Variables_of_autoconf_are_filled_in_by_the_strings_around_them()
    {
        IReadOnlyList<string> found = Of("junk", "/opt/ompi", "${exec_prefix}/bin", "${exec_prefix}/sbin", "${prefix}/share", "/etc/openmpi", "${datadir}/openmpi", "${libdir}/openmpi3", "${prefix}/lib/x86_64-linux-gnu/openmpi/lib");
        Assert.Contains("/opt/ompi/share/openmpi", found);
        Assert.Contains("/opt/ompi/lib/openmpi3", found);
        Assert.Contains("/opt/ompi/lib/x86_64-linux-gnu/openmpi/lib/openmpi3", found);
        Assert.Contains("/etc/openmpi", found);
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libibverbs/lib%s-rdmav34.so", "/usr/lib/x86_64-linux-gnu/libibverbs")]
    [InlineData("/etc/terminfo:/lib/terminfo", "/lib/terminfo")]
    [InlineData("/usr/lib/ucx/", "/usr/lib/ucx")]
    public void A_path_with_a_place_to_fill_in_a_list_and_a_slash_at_the_end_are_directories_too(string text, string directory) =>
        Assert.Contains(directory, Of(text));

    [Fact]
    public void Any_bytes_give_absolute_paths_or_nothing() => Gen.Byte.Array[0, 400].Sample(bytes =>
        EmbeddedDirectories.Of([.. bytes, .. "\0/a\0${libdir}/x\0${exec_prefix}/bin\0%s\0/%\0"u8]).All(path => path.Length > 1 && path[0] == '/'));

    static IReadOnlyList<string> Of(params string[] strings) => EmbeddedDirectories.Of(Encoding.ASCII.GetBytes(string.Join('\0', strings)));
}
