namespace Decant.Images.Tests;

public sealed class TreeRemovalTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_link_is_removed_and_not_what_it_points_at()
    {
        scratch.Write("kept/f", "");
        scratch.MakeDirectory("t");
        scratch.Link("t/l", scratch.Path("kept"));
        scratch.Link("l", scratch.Path("kept"));

        TreeRemoval.Remove(scratch.Path("t"));
        TreeRemoval.Remove(scratch.Path("l"));
        TreeRemoval.Remove(scratch.Path("not-there"));
        Assert.Equal(["kept"], Directory.GetFileSystemEntries(scratch.Root).Select(Path.GetFileName));
        Assert.True(File.Exists(scratch.Path("kept/f")));
    }

    [Fact]
    public void A_tree_deeper_than_open_files_allow_is_removed()
    {
        scratch.MakeDirectory("t");
        scratch.Run("python3", "-c", """
            import os
            os.chdir("t")
            for i in range(3000):
                os.mkdir("deep"); open("f", "w").close(); os.mkdir("side"); os.chdir("deep")
            """);

        TreeRemoval.Remove(scratch.Path("t"));
        Assert.False(Directory.Exists(scratch.Path("t")));
    }
}
