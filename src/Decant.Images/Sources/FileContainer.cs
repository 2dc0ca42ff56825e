using Decant.Linux;

namespace Decant.Images;

/// <summary>Files by name, as an image layout or archive holds them: in a directory or in a tar file.</summary>
abstract class FileContainer(ImageLimits limits) : IDisposable
{
    public ImageLimits Limits { get; } = limits;

    /// <summary>A regular file's content, with its length known; null where there is no such file.</summary>
    public abstract Stream? TryOpen(string name);

    /// <summary>Names the file for a message, with its place in an archive.</summary>
    public abstract string Describe(string name);

    public abstract void Dispose();

    /// <summary>A whole small file; null where there is none.</summary>
    public byte[]? TryReadDocument(string name)
    {
        using Stream? stream = TryOpen(name);
        if (stream is null)
            return null;
        if (stream.Length > Limits.Document)
            throw new DecantException($"{Describe(name)}: {stream.Length} bytes, and a document of an image has at most {Limits.Document}", ImageLimits.Raise("document"));
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
