using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Small files of one directory that follow each other in an archive, with their content: work that any thread can do.</summary>
sealed class FileBatch
{
    /// <summary>Bytes of a file: more is better written from where it lies.</summary>
    public const int MostContent = 16 * 1024;

    const int MostFiles = 256;
    const int MostBytes = 128 * 1024;

    readonly byte[] content = GC.AllocateUninitializedArray<byte>(MostBytes);
    readonly List<BatchedFile> files = new(MostFiles);
    readonly List<int> taken = [];
    SafeFileHandle? handle;
    int used;

    readonly record struct BatchedFile(string Name, TarEntry Entry, int Start);

    /// <summary>Where the files are made; null while there are none.</summary>
    public LayerDirectory? Directory { get; private set; }

    public int Count => files.Count;

    /// <summary>The files whose names something else had; they were not made.</summary>
    public IReadOnlyList<int> Taken => taken;

    /// <summary>Why a file could not be made, after which no other was; null where all went well.</summary>
    public Exception? Failure { get; private set; }

    public string NameOf(int file) => files[file].Name;

    public bool HasRoom(LayerDirectory directory, int size) =>
        Directory is null || (Directory == directory && files.Count < MostFiles && size <= MostBytes - used);

    /// <param name="open">The directory's descriptor; it lasts until <see cref="Clear"/>, whoever closes it.</param>
    /// <param name="reader">Has the entry's content next.</param>
    public void Add(LayerDirectory directory, SafeFileHandle open, string name, TarEntry entry, TarReader reader)
    {
        reader.CopyTo(content.AsSpan(used, (int)entry.Size));
        if (handle is null)
        {
            bool held = false;
            open.DangerousAddRef(ref held);
            handle = open;
            Directory = directory;
        }

        files.Add(new BatchedFile(name, entry, used));
        used += (int)entry.Size;
    }

    /// <summary>Makes the files, and keeps what goes wrong for the thread that asks later.</summary>
    public void Write(MetadataWriter metadata, string subject)
    {
        try
        {
            for (int file = 0; file < files.Count; file++)
            {
                if (!TryWrite(file, metadata, subject))
                    taken.Add(file);
            }
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    /// <summary>False where the name is taken: what is there is not opened, as it may be a hard link to a file of a layer below.</summary>
    public bool TryWrite(int file, MetadataWriter metadata, string subject)
    {
        (string name, TarEntry entry, int start) = files[file];
        try
        {
            return LinuxFile.TryMakeFile(handle!, name, metadata.ForNew(FileMetadata.Of(entry)), content.AsSpan(start, (int)entry.Size));
        }
        catch (DecantException e)
        {
            throw new LayerEntryException(subject, entry, e);
        }
    }

    public void Clear()
    {
        handle?.DangerousRelease();
        handle = null;
        Directory = null;
        files.Clear();
        taken.Clear();
        Failure = null;
        used = 0;
    }
}
