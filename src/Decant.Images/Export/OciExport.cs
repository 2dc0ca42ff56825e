using Decant.Linux;

namespace Decant.Images;

/// <summary><c>oci:DIR[:tag]</c>: an OCI image layout; the image is added to those that are there.</summary>
sealed class OciExport(string text, string path, string? tag) : ExportTarget(text)
{
    readonly string directory = LinuxPath.Absolute(path);

    private protected override void WriteImage(SourceImage image)
    {
        LayoutContent content = new(image);
        Prepare();
        foreach ((Descriptor blob, Func<Stream> open) in content.Blobs())
        {
            string target = $"{directory}/{LayoutContent.NameOf(blob.Digest)}";
            if (LinuxFile.TryStatus(null, target, follow: true, out FileStatus status) == Errno.None && status.IsRegular && status.Size == blob.Size)
                continue;
            Make(LinuxPath.Parent(target));
            using Stream stream = open();
            Write(target, stream);
        }

        // Last: what it names is there by now.
        string index = directory + "/index.json";
        byte[]? existing = LinuxFile.TryReadAll(null, index, out byte[] bytes) == Errno.None ? bytes : null;
        Write(index, new MemoryStream(LayoutIndex.With(existing, content.Manifest, tag, PathBytes.Printable(index))));
    }

    void Prepare()
    {
        string layout = directory + "/oci-layout";
        if (LinuxFile.Exists(layout))
            return;
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new DecantException($"{PathBytes.Printable(directory)}: not empty, and no OCI image layout either, since it has no file oci-layout", "name a new or empty directory");
        Make(directory);
        Write(layout, new MemoryStream(LayoutContent.LayoutFile));
    }

    static void Make(string directory)
    {
        Errno errno = LinuxFile.TryMakeDirectories(directory, 0x1FF /* 0777, and the caller's umask */, out string failed);
        if (errno != Errno.None)
            throw new LinuxException("mkdir", failed, errno);
    }

    static void Write(string target, Stream content)
    {
        using OutputFile file = OutputFile.Create(target);
        content.CopyTo(file.Stream, 256 * 1024);
        file.Commit();
    }
}
