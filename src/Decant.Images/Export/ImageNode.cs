using Decant.Linux;

namespace Decant.Images;

/// <summary>A name in an image's tree: a directory, or one of a file's names.</summary>
sealed class ImageNode(ImageNode? parent, string name, ImageFile? file)
{
    Dictionary<string, ImageNode>? children;

    public ImageNode? Parent { get; } = parent;
    public string Name { get; } = name;

    /// <summary>Null for a directory.</summary>
    public ImageFile? File { get; } = file;

    /// <summary>A directory's entry, which has its metadata; null where no layer describes it.</summary>
    public TarEntry? Entry { get; set; }

    /// <summary>The last layer that has it, or something in it.</summary>
    public int Layer { get; set; } = -1;

    public bool IsDirectory => File is null;

    public ImageNode? Child(string child) => children is not null && children.TryGetValue(child, out ImageNode? found) ? found : null;

    /// <summary>Replaces what has the name.</summary>
    public ImageNode Add(string child, ImageFile? file)
    {
        ImageNode node = new(this, child, file);
        (children ??= new(StringComparer.Ordinal))[child] = node;
        return node;
    }

    public void Remove(string child) => children?.Remove(child);

    /// <summary>Takes out all that the layer does not have, at every depth.</summary>
    public void KeepOnly(int layer)
    {
        Stack<ImageNode> rest = new([this]);
        while (rest.TryPop(out ImageNode? directory))
        {
            foreach (ImageNode child in directory.children?.Values.ToArray() ?? [])
            {
                if (child.Layer != layer)
                    directory.Remove(child.Name);
                else if (child.IsDirectory)
                    rest.Push(child);
            }
        }
    }

    /// <summary>What is in the directory, in the order of the names' bytes.</summary>
    public ImageNode[] InOrder()
    {
        ImageNode[] all = children?.Values.ToArray() ?? [];
        Array.Sort(all, (a, b) => PathBytes.Encode(a.Name).AsSpan().SequenceCompareTo(PathBytes.Encode(b.Name)));
        return all;
    }
}
