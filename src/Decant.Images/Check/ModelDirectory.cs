namespace Decant.Images;

/// <summary>A directory of a layer that is applied in memory, over what the layers below show; see <see cref="LayerModel"/>.</summary>
sealed class ModelDirectory(ModelDirectory? parent, string name, MergedDirectory? below) : ModelNode
{
    Dictionary<string, ModelNode>? children;

    public ModelDirectory? Parent { get; } = parent;

    public string Name { get; } = name;

    /// <summary>The same path in the layers below, where it is a directory and nothing in this layer hides it.</summary>
    public MergedDirectory? Below { get; set; } = below;

    /// <summary>It is in the layer's own tree; else only a path led through it.</summary>
    public bool InLayer { get; set; }

    public bool Opaque { get; set; }

    /// <summary>Null for the defaults of a directory that no layer describes.</summary>
    public FileMetadata? Metadata { get; set; }

    public IReadOnlyDictionary<string, ModelNode> Children => children ?? (IReadOnlyDictionary<string, ModelNode>)System.Collections.ObjectModel.ReadOnlyDictionary<string, ModelNode>.Empty;

    /// <summary>From the root, without a slash in front; empty for the root.</summary>
    public string Path
    {
        get
        {
            List<string> names = [];
            for (ModelDirectory at = this; at.Parent is not null; at = at.Parent)
                names.Add(at.Name);
            names.Reverse();
            return string.Join('/', names);
        }
    }

    public ModelNode? Child(string child) => children is not null && children.TryGetValue(child, out ModelNode? found) ? found : null;

    public void Set(string child, ModelNode node) => (children ??= new(StringComparer.Ordinal))[child] = node;

    public void Remove(string child) => children?.Remove(child);

    /// <summary>What lies below is hidden from here on, for this directory and everything in it; whiteouts have nothing to hide any more.</summary>
    public void HideBelow()
    {
        Stack<ModelDirectory> rest = new([this]);
        while (rest.TryPop(out ModelDirectory? at))
        {
            at.Below = null;
            foreach ((string child, ModelNode node) in at.Children.ToArray())
            {
                if (node is ModelDirectory { InLayer: true } inner)
                    rest.Push(inner);
                else if (node is ModelDirectory || node == Whiteout)
                    at.Remove(child);
            }
        }
    }
}
