using System.Text;
using Decant.Images;

namespace Decant.Doctor;

/// <summary>A file that goes into an image: one of the root's, or a text of decant's own.</summary>
sealed class PackedFile
{
    const uint ExecutableBits = 0x49; // 0111
    const uint SetId = 0xC00; // 06000
    const uint Executable = 0x1ED; // 0755
    const uint Readable = 0x1A4; // 0644

    readonly RootEntry? entry;
    readonly byte[]? text;

    public PackedFile(RootEntry entry, string why)
    {
        this.entry = entry;
        Why = why;
        // Whoever may run it here may run it there; set-id bits mean nothing in an image of an ordinary user.
        HasSetId = (entry.Status.Permissions & SetId) != 0;
        Mode = (entry.Status.Permissions & ExecutableBits) != 0 ? Executable : Readable;
        Size = entry.Status.Size;
    }

    public PackedFile(string text)
    {
        this.text = Encoding.UTF8.GetBytes(text);
        Why = "made by decant";
        Mode = Readable;
        Size = this.text.Length;
    }

    public string Why { get; }

    public uint Mode { get; }

    /// <summary>The host's file has bits that the image's does not get.</summary>
    public bool HasSetId { get; }

    /// <summary>Bytes.</summary>
    public long Size { get; }

    public Stream Open(RootView root) => entry is { } found ? new FileStream(root.Open(found), FileAccess.Read, 0) : new MemoryStream(text!);
}
