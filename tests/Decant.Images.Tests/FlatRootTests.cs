using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class FlatRootTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Files_are_the_layers_own_and_directories_keep_their_metadata()
    {
        string low = scratch.MakeDirectory("low");
        string flat = scratch.MakeDirectory("flat");
        LayerExtractor.Extract(
            new MemoryStream(new TestArchive().Directory("d", 0x16d).File("d/f", "x").Link("l", "d").Add('6', "fifo").Add('3', "null", device: (1, 3)).End()),
            low, [], new LayerOptions());
        FlatRoot.Build([low], flat);

        Assert.Equal(TreeSnapshot.OfHost(low), TreeSnapshot.OfHost(flat));
        Assert.Equal(LinuxFile.Status(low + "/d/f").Inode, LinuxFile.Status(flat + "/d/f").Inode);
        Assert.Equal((0x16du, new UnixTime(1000, 0)), (LinuxFile.Status(flat + "/d").Permissions, LinuxFile.Status(flat + "/d").Modified));
    }

    [Fact]
    public void On_another_file_system_files_are_copied()
    {
        string low = scratch.MakeDirectory("low");
        scratch.Write("low/f", new string('x', 300_000));
        scratch.Run("touch", "-d", "2001-01-01T00:00:00Z", "low/f");
        string flat = Directory.CreateDirectory($"/dev/shm/decant-flat-{Environment.ProcessId}").FullName;
        try
        {
            FlatRoot.Build([low], flat);
            Assert.Equal(File.ReadAllBytes(low + "/f"), File.ReadAllBytes(flat + "/f"));
            Assert.Equal(LinuxFile.Status(low + "/f").Modified, LinuxFile.Status(flat + "/f").Modified);
        }
        finally
        {
            TreeRemoval.Remove(flat);
        }
    }
}
