namespace Decant.Images;

/// <summary>Progress for nobody.</summary>
public sealed class SilentProgress : IPullProgress
{
    public static SilentProgress Instance { get; } = new();

    public void Begin(string source, IReadOnlyList<Descriptor> layers)
    {
    }

    public void Present(int layer)
    {
    }

    public void Fetching(int layer)
    {
    }

    public void Fetched(int layer, long bytes)
    {
    }

    public void Advance(int layer, long bytes)
    {
    }

    public void Unpacked(int layer)
    {
    }

    public void Warn(string message)
    {
    }
}
