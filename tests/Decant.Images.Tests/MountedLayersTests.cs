using System.Text;

namespace Decant.Images.Tests;

public class MountedLayersTests
{
    static readonly string hex = new('a', 64);

    [Theory]
    [InlineData("lowerdir=/s/layers/HEX/diff:/x", true)]
    [InlineData("lowerdir+=/x,lowerdir+=/s/layers/HEX/diff", true)]
    [InlineData("lowerdir=HEX/diff:x", true)]
    [InlineData("- overlay decant:HEX rw,lowerdir=5:6", true)]
    [InlineData("- overlay decant:HEX@x rw,lowerdir=5:6", true)]
    [InlineData("- overlay decant:HEX@12 rw,lowerdir=5:6", true, 12)]
    [InlineData("- overlay decant:HEX0 rw,lowerdir=5:6", false)]
    [InlineData("- overlay other:HEX rw,lowerdir=5:6", false)]
    [InlineData("lowerdir=/s\\040p/layers/HEX/diff", true)]
    [InlineData("8:1 /s/layers/HEX/flat / ro - ext4 /dev/sda1 rw", true)]
    [InlineData("8:1 /s/blobs/HEX/flat / ro - ext4 /dev/sda1 rw", false)]
    [InlineData("lowerdir=/s/layers/HEXa/diff", false)]
    [InlineData("lowerdir=/s/layers/HEX", false)]
    public void A_layer_in_a_mount_is_found(string options, bool found, int inode = 0)
    {
        HashSet<(string, ulong?)> layers = [];
        MountedLayers.Gather(Encoding.ASCII.GetBytes(options.Replace("HEX", hex)), layers);
        Assert.Equal(found ? [(hex, inode == 0 ? null : (ulong)inode)] : [], layers);
    }
}
