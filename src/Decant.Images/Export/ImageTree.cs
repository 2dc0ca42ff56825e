using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// The files of an image as the archives of its layers describe them, owners and devices included, by the rules that
/// <see cref="LayerExtractor"/> unpacks by (OCI image-spec, layer.md). Nothing is written; contents stay in the archives.
/// Memory is a few hundred bytes a file.
/// </summary>
sealed class ImageTree
{
    const int MaxLinks = 40;
    const int MaxDepth = 4096;

    int layer;

    public ImageNode Root { get; } = new(null, "", null);

    /// <summary>Lays the next layer over those before it.</summary>
    /// <param name="tar">Not compressed.</param>
    /// <param name="number">The layer's; they ascend.</param>
    /// <param name="subject">Names the archive in messages.</param>
    /// <param name="limits">What it may hold.</param>
    public void Apply(Stream tar, int number, string subject, ImageLimits limits)
    {
        layer = number;
        TarReader reader = new(tar, subject, limits);
        while (reader.Next() is TarEntry entry)
        {
            try
            {
                Apply(entry);
            }
            catch (DecantException e) when (e is not TarException)
            {
                throw new DecantException($"{subject}: entry {entry.Number} ({PathBytes.Printable(entry.Name)}), byte {entry.HeaderOffset}: {e.Message}", e.Fix, e);
            }
        }
    }

    void Apply(TarEntry entry)
    {
        EntryPath path = new(entry.Name);
        if (path.IsRoot)
        {
            if (entry.Type != TarEntryType.Directory)
                throw new DecantException("the root of a layer must be a directory");
            Root.Entry = entry;
            Touch(Root);
        }
        else if (path.IsAufs)
        {
            return;
        }
        else if (path.IsOpaqueMark)
        {
            ImageNode directory = Walk(path.Parent, make: true)!;
            Touch(directory);
            directory.KeepOnly(layer);
        }
        else if (path.WhiteoutOf is { } removed)
        {
            Remove(path.Parent, removed);
        }
        else
        {
            Add(path, entry);
        }
    }

    /// <summary>A whiteout speaks of the layers below only: what this layer has of that name stays, in either order.</summary>
    void Remove(ReadOnlySpan<string> parentPath, string name)
    {
        if (Walk(parentPath, make: false) is not { } parent || parent.Child(name) is not { } child)
            return;
        if (child.Layer != layer)
        {
            parent.Remove(name);
            Touch(parent);
        }
        else if (child.IsDirectory)
        {
            child.KeepOnly(layer);
        }
    }

    void Add(EntryPath path, TarEntry entry)
    {
        // A device 0:0 is what overlayfs keeps a whiteout as.
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice && entry.Device == default)
            return;
        ImageNode parent = Walk(path.Parent, make: true)!;
        if (entry.Type == TarEntryType.Directory)
        {
            ImageNode directory = parent.Child(path.Last) is { IsDirectory: true } existing ? existing : MakeDirectory(parent, path.Last);
            directory.Entry = entry;
            Touch(directory);
            return;
        }

        ImageFile file;
        if (entry.Type == TarEntryType.HardLink)
        {
            ImageNode target = LinkTarget(entry.LinkName);
            if (target.Parent == parent && target.Name == path.Last)
                return;
            file = target.File!;
        }
        else
        {
            file = new ImageFile(layer, entry.Number, entry.Type == TarEntryType.Regular ? null : entry);
        }

        Touch(parent.Add(path.Last, file));
    }

    ImageNode LinkTarget(string linkName)
    {
        EntryPath path = new(linkName);
        ImageNode? target = path.IsRoot ? null : Walk(path.Parent, make: false)?.Child(path.Last);
        return target is { IsDirectory: false }
            ? target
            : throw new DecantException($"the file that it is a hard link to, {PathBytes.Printable(linkName)}, is not there or is a directory");
    }

    /// <summary>The directory that a path leads to, links inside the root followed; null where it is missing and not to be made.</summary>
    ImageNode? Walk(ReadOnlySpan<string> path, bool make)
    {
        ImageNode at = Root;
        // Names still to go, the next one last; links add to them.
        Stack<string> rest = new();
        for (int i = path.Length - 1; i >= 0; i--)
            rest.Push(path[i]);
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            if (name is "" or ".")
                continue;
            if (name == "..")
            {
                at = at.Parent ?? Root;
                continue;
            }

            ImageNode? child = at.Child(name);
            if (child is null && !make)
                return null;
            child ??= MakeDirectory(at, name);
            if (child.IsDirectory)
            {
                at = child;
                continue;
            }

            if (child.File!.Entry is not { Type: TarEntryType.SymbolicLink } link)
                return make ? throw new DecantException($"{PathBytes.Printable(name)} is on the way to it and is no directory") : null;
            if (++links > MaxLinks)
                throw new DecantException($"more than {MaxLinks} links are on the way to it");
            string[] target = link.LinkName.Split('/');
            for (int i = target.Length - 1; i >= 0; i--)
                rest.Push(target[i]);
            if (link.LinkName.StartsWith('/'))
                at = Root;
        }

        return at;
    }

    ImageNode MakeDirectory(ImageNode parent, string name)
    {
        int depth = 0;
        for (ImageNode? at = parent; at is not null; at = at.Parent)
            depth++;
        if (depth > MaxDepth)
            throw new DecantException($"it lies deeper than {MaxDepth} directories");
        ImageNode made = parent.Add(name, null);
        Touch(made);
        return made;
    }

    /// <summary>This layer has the node, and so all directories above it.</summary>
    void Touch(ImageNode node)
    {
        for (ImageNode? at = node; at is not null && at.Layer != layer; at = at.Parent)
            at.Layer = layer;
    }
}
