using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>An archive as a file that can be read at any place: the user's own, or a copy where that is a pipe or packed.</summary>
static class ArchiveFile
{
    const int BufferSize = 256 * 1024;

    /// <summary>tar(1) fills its last record with zeros, of 10 KiB and seldom more. A pipe or device could go on for ever.</summary>
    const long MostAfterEnd = 16 << 20;

    /// <summary>As it is stored.</summary>
    public static SectionStream Open(string path, string scratch, ImageLimits limits)
    {
        SafeFileHandle file = path == TarSource.StandardInput
            ? new SafeFileHandle(0, ownsHandle: false)
            : LinuxFile.Open(path, OpenFlags.ReadOnly | OpenFlags.NoControllingTerminal);
        FileStatus status = LinuxFile.Status(file);
        if (status.IsRegular)
            return new SectionStream(file, path, 0, status.Size, ownsFile: true);
        using (file)
        {
            if (status.IsDirectory)
                throw new DecantException($"{PathBytes.Printable(path)}: a directory, not an archive", "for an image layout use oci:DIR, for a root directory rootfs:DIR");
            using FileStream pipe = new(file, FileAccess.Read, 0);
            return Spool(copy => CopyTar(pipe, copy, path, limits), path, scratch);
        }
    }

    /// <summary>What says that an archive is empty.</summary>
    public static DecantException WithoutEntries(string place) =>
        new($"{place}: the archive has no entries, so there is nothing to run", "look at what was to write it: tar -tf shows nothing");

    /// <summary>A plain tar is read on the way, so that what is none, and what does not end, is seen before it fills the disk.</summary>
    static void CopyTar(Stream pipe, Stream copy, string path, ImageLimits limits)
    {
        string place = path == TarSource.StandardInput ? "standard input" : PathBytes.Printable(path);
        using CopyingStream both = new(pipe, copy, _ => { });
        using Stream tar = LayerCompressions.Unpack(both, place, limits, out LayerCompression compression);
        if (compression != LayerCompression.None)
        {
            both.CopyTo(Stream.Null, BufferSize);
            return;
        }

        TarReader reader = new(tar, place, limits);
        if (reader.Next() is null)
            throw WithoutEntries(place);
        while (reader.Next() is not null)
        {
        }

        reader.Drain(MostAfterEnd);
    }

    /// <summary>The tar itself, unpacked where the file is packed.</summary>
    public static SectionStream OpenUnpacked(string path, string scratch, ImageLimits limits)
    {
        SectionStream stored = Open(path, scratch, limits);
        using Stream tar = LayerCompressions.Unpack(stored, PathBytes.Printable(path), limits, out LayerCompression compression);
        if (compression == LayerCompression.None)
        {
            stored.Position = 0;
            return stored;
        }

        using (stored)
        {
            try
            {
                return Spool(new MeteredStream(tar, PathBytes.Printable(path), limits, stored.Length), path, scratch);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
            {
                throw new DecantException($"{PathBytes.Printable(path)}: {PathBytes.Printable(e.Message)}", "copy the file again: it is damaged or cut off", e);
            }
        }
    }

    /// <summary>A copy in the scratch directory; the path is for messages.</summary>
    public static SectionStream Spool(Stream from, string path, string scratch) => Spool(copy => from.CopyTo(copy, BufferSize), path, scratch);

    static SectionStream Spool(Action<Stream> fill, string path, string scratch)
    {
        string copy = DurableFile.TemporaryName(scratch);
        using (SafeFileHandle file = LinuxFile.Open(copy, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180 /* 0600 */))
            fill(new OutputStream(file, copy));
        SafeFileHandle opened = LinuxFile.Open(copy, OpenFlags.ReadOnly);
        return new SectionStream(opened, path, 0, LinuxFile.Status(opened).Size, ownsFile: true);
    }
}
