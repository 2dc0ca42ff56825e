namespace Decant.Images.Tests;

/// <summary>
/// The rules of image-spec's layer.md on a tree in memory: each name knows the last layer that touched it, so that a
/// whiteout or opaque mark takes away exactly what older layers put there.
/// </summary>
sealed class ModelTree
{
    readonly Node root = new() { IsDirectory = true };

    public bool CanHold(string path)
    {
        Node? at = root;
        string[] names = path.Trim('/').Split('/');
        foreach (string name in names[..^1])
        {
            if (at is not null && !at.Children.TryGetValue(name, out at))
                at = null;
            if (at is { IsDirectory: false })
                return false;
        }

        return true;
    }

    public string? Leaf(string path) => Find(path) is { IsDirectory: false } node ? node.Text : null;

    public void Put(string path, string text, int layer)
    {
        (Node parent, string name) = Parent(path, layer);
        parent.Children[name] = new Node { Text = text, Layer = layer };
    }

    public void MakeDirectory(string path, uint mode, int layer)
    {
        (Node parent, string name) = Parent(path, layer);
        Node node = Directory(parent, name, layer);
        node.Mode = mode;
    }

    public void Whiteout(string path, int layer)
    {
        int slash = path.LastIndexOf('/');
        Node? parent = slash < 0 ? root : Find(path[..slash]);
        if (parent is { IsDirectory: true } && parent.Children.TryGetValue(path[(slash + 1)..], out Node? node))
        {
            // The mark of a removal is itself something of this layer, in a directory of this layer.
            if (Prune(node, layer))
            {
                parent.Children.Remove(path[(slash + 1)..]);
                Touch(slash < 0 ? "" : path[..slash], layer);
            }
        }
    }

    public void Opaque(string path, int layer)
    {
        Node at = Touch(path, layer);
        foreach ((string name, Node child) in at.Children.ToList())
        {
            if (Prune(child, layer))
                at.Children.Remove(name);
        }
    }

    public SortedDictionary<string, string> Snapshot()
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        Add(all, "", root);
        return all;
    }

    static void Add(SortedDictionary<string, string> all, string path, Node node)
    {
        all[path] = node.IsDirectory ? $"directory {node.Mode:x}" : node.Text;
        foreach ((string name, Node child) in node.Children)
            Add(all, $"{path}/{name}", child);
    }

    /// <summary>True where nothing of this layer is left.</summary>
    static bool Prune(Node node, int layer)
    {
        if (node.Layer != layer)
            return true;
        foreach ((string name, Node child) in node.Children.ToList())
        {
            if (Prune(child, layer))
                node.Children.Remove(name);
        }

        return false;
    }

    Node? Find(string path)
    {
        Node? at = root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!at!.Children.TryGetValue(name, out at))
                return null;
        }

        return at;
    }

    (Node Parent, string Name) Parent(string path, int layer)
    {
        int slash = path.LastIndexOf('/');
        return (Touch(slash < 0 ? "" : path[..slash], layer), path[(slash + 1)..]);
    }

    Node Touch(string path, int layer)
    {
        Node at = root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            at = Directory(at, name, layer);
        return at;
    }

    static Node Directory(Node parent, string name, int layer)
    {
        if (!parent.Children.TryGetValue(name, out Node? node) || !node.IsDirectory)
            parent.Children[name] = node = new Node { IsDirectory = true };
        node.Layer = layer;
        return node;
    }

    sealed class Node
    {
        public bool IsDirectory { get; init; }
        public string Text { get; init; } = "";
        public uint Mode { get; set; } = 0x1ed;
        public int Layer { get; set; }
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);
    }
}
