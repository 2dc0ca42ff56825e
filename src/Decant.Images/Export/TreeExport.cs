using System.IO.Compression;
using Decant.Linux;

namespace Decant.Images;

/// <summary>An image of one gzip layer whose tree is put together file by file, written to an <see cref="ExportTarget"/>.</summary>
public static class TreeExport
{
    /// <param name="target">Gets the image.</param>
    /// <param name="scratch">A directory for the layer while it is made.</param>
    /// <param name="config">How the image runs.</param>
    /// <param name="fill">Writes the tree.</param>
    /// <returns>Bytes of the layer as stored.</returns>
    public static long Write(ExportTarget target, string scratch, ImageRunConfig config, Action<TreeArchive> fill)
    {
        // Without a name from the start: whatever ends decant, a closed pipe or a signal, nothing is left.
        string path = DurableFile.TemporaryName(scratch);
        using FileStream file = DurableFile.Create(path);
        Errno errno = LinuxFile.TryUnlink(null, path);
        if (errno != Errno.None)
            throw new LinuxException("unlink", path, errno);
        using (GZipStream gzip = new(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            TreeArchive archive = new(gzip);
            fill(archive);
            archive.End();
        }

        file.Flush();
        SectionStream layer = ArchiveFile.Open($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", scratch, ImageLimits.None);
        RunConfigDocument run = new() { Env = [.. config.Env], Entrypoint = [.. config.Entrypoint], Cmd = [.. config.Cmd] };
        using SourceImage image = TreeImage.Open(target.Text, layer, null, Platform.Host, ImageLimits.None, run);
        target.Write(image, ImageLimits.None);
        return image.Layers[0].Size;
    }
}
