using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A directory of the root as it stands while a layer is unpacked: what this layer has of it, over what the layers below
/// show. Every directory of this layer is known by one; directories below become known when a path leads through them.
/// What lies below is looked for when it first matters: mostly never, and then this layer need not wait for those.
/// </summary>
sealed class LayerDirectory
{
    Dictionary<string, LayerDirectory>? children;
    List<string>? whiteouts;
    MergedDirectory? below;
    bool belowKnown;
    readonly Func<MergedDirectory?>? openBelow;

    /// <summary>The root; what it lies on is opened when it first matters.</summary>
    public LayerDirectory(Func<MergedDirectory?> openBelow)
    {
        Name = "";
        this.openBelow = openBelow;
    }

    /// <summary>A directory of this layer.</summary>
    public LayerDirectory(LayerDirectory parent, string name)
    {
        Parent = parent;
        Name = name;
        Depth = parent.Depth + 1;
    }

    /// <summary>A directory of the layers below.</summary>
    public LayerDirectory(LayerDirectory parent, string name, MergedDirectory below)
        : this(parent, name) => Below = below;

    public LayerDirectory? Parent { get; }

    public string Name { get; }

    /// <summary>How many directories lie above it.</summary>
    public int Depth { get; }

    /// <summary>The same path in the layers below, where it is a directory and nothing in this layer hides it.</summary>
    public MergedDirectory? Below
    {
        get
        {
            if (!belowKnown)
                Below = FindBelow();
            return below;
        }

        set
        {
            below = value;
            belowKnown = true;
        }
    }

    /// <summary>It exists in the layer's own directory.</summary>
    public bool InLayer { get; set; }

    /// <summary>It is to be marked as hiding what lies below.</summary>
    public bool Opaque { get; set; }

    /// <summary>Names that whiteouts of this layer were written for; a later entry may have replaced one.</summary>
    public List<string> Whiteouts => whiteouts ??= [];

    public bool HasWhiteouts => whiteouts?.Count > 0;

    /// <summary>Directories may be in it, in the layer, that are not known here any more.</summary>
    public bool HasForgotten { get; set; }

    /// <summary>To be set when all is unpacked; null where the archive says nothing.</summary>
    public FileMetadata? Metadata { get; set; }

    /// <summary>Open for the moment; <see cref="LayerTree"/> closes it when others need the place.</summary>
    public SafeFileHandle? Handle { get; set; }

    public bool HasChildren => children?.Count > 0;

    public IEnumerable<LayerDirectory> Children => children is null ? [] : children.Values;

    public LayerDirectory? Child(string child) => children is not null && children.TryGetValue(child, out LayerDirectory? found) ? found : null;

    public void Add(LayerDirectory child) => (children ??= new(StringComparer.Ordinal)).Add(child.Name, child);

    public void Forget(LayerDirectory child) => children!.Remove(child.Name);

    /// <summary>The child is as the archive says: what comes later of it is found on disk.</summary>
    public void LetGo(LayerDirectory child)
    {
        Forget(child);
        HasForgotten |= child.InLayer;
        if (children!.Count == 0)
            children = null;
    }

    /// <summary>This directory and all known ones in it, each before those in it; without recursion, since depth is the image's choice.</summary>
    public List<LayerDirectory> Subtree()
    {
        List<LayerDirectory> all = [this];
        for (int i = 0; i < all.Count; i++)
            all.AddRange(all[i].Children);
        return all;
    }

    /// <summary>What lies below is hidden from here on, for this directory and everything in it.</summary>
    public void HideBelow()
    {
        List<LayerDirectory> subtree = Subtree();
        foreach (LayerDirectory directory in subtree)
            directory.TakeMetadataFromBelow();
        foreach (LayerDirectory directory in subtree)
        {
            if (directory == this || directory.InLayer)
                directory.Below = null;
            else if (directory.Parent!.Child(directory.Name) == directory)
                directory.Parent.Forget(directory);
        }
    }

    /// <summary>What the archive leaves implicit is alike in all but content.</summary>
    public void TakeMetadataFromBelow()
    {
        if (!InLayer || Metadata is not null || Below is not { } like)
            return;
        using DeepPath path = DeepPath.Open(like.At(0)!);
        Metadata = FileMetadata.Read(path.WholePath);
    }

    MergedDirectory? FindBelow()
    {
        if (Parent is null)
            return openBelow!();
        // From the outermost inwards, without recursion.
        List<LayerDirectory> unknown = [];
        for (LayerDirectory? at = Parent; at is not null && !at.belowKnown; at = at.Parent)
            unknown.Add(at);
        for (int i = unknown.Count - 1; i >= 0; i--)
            _ = unknown[i].Below;
        return Parent.Below is { } parent
            && parent.TryFind(Name, out FileStatus status, out string hostPath, out int index) == Errno.None
            && status.IsDirectory
                ? new MergedDirectory(parent, Name, hostPath, index)
                : null;
    }
}
