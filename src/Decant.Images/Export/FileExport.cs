namespace Decant.Images;

/// <summary>An image written as one file.</summary>
public abstract class FileExport : ExportTarget
{
    readonly string path;

    private protected FileExport(string text, string path)
        : base(text) => this.path = path;

    public override bool IsStandardOutput => path == OutputFile.StandardOutput;

    private protected override void WriteImage(SourceImage image)
    {
        using OutputFile file = OutputFile.Create(path);
        using (BufferedStream buffered = new(file.Stream, 256 * 1024))
            WriteImage(image, buffered);
        file.Commit();
    }

    private protected abstract void WriteImage(SourceImage image, Stream into);
}
