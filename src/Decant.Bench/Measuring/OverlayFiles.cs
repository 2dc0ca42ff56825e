namespace Decant.Bench;

/// <summary>The directories that a process's root is put together from, as its mount tells them: what a container has for itself, and what it shares.</summary>
public static class OverlayFiles
{
    /// <summary>What an image brings, wherever it lies.</summary>
    public const string ImageLayers = "image layers";

    /// <summary>Classes "container layer" and "image layers"; none where the root is no overlay, or its options name other paths than the host's.</summary>
    public static IReadOnlyList<FileClass> Of(ObservedProcess process)
    {
        if (process.Mounts.LastOrDefault(mount => mount.MountPoint == "/") is not { FileSystemType: "overlay" } root)
            return [];
        List<FileClass> classes = [];
        foreach (string option in root.SuperOptions)
        {
            if (option.StartsWith("upperdir=", StringComparison.Ordinal))
                Add("container layer", option["upperdir=".Length..]);
            else if (option.StartsWith("lowerdir=", StringComparison.Ordinal))
                Array.ForEach(option["lowerdir=".Length..].Split(':'), path => Add(ImageLayers, path));
            else if (option.StartsWith("lowerdir+=", StringComparison.Ordinal))
                Add(ImageLayers, option["lowerdir+=".Length..]);
        }

        return classes;

        void Add(string name, string path)
        {
            // A path below the engine's own directory, shortened to fit the mount's options, leads nowhere from here.
            if (path.StartsWith('/'))
                classes.Add(new FileClass(name, path, SeenAs: ""));
        }
    }
}
