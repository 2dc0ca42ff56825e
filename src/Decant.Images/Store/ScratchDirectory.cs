using Decant.Linux;

namespace Decant.Images;

/// <summary>A directory for work in progress, for its owner alone, removed at the end.</summary>
sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory(string parent)
    {
        Path = DurableFile.TemporaryName(parent);
        LinuxFile.MakeDirectory(null, Path, 0x1C0 /* 0700 */);
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            TreeRemoval.Remove(Path);
        }
        catch (LinuxException)
        {
            // Why the work ended matters more than what it leaves, which the next work in the store or decant gc removes.
        }
    }
}
