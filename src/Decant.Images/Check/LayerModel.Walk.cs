using Decant.Linux;

namespace Decant.Images;

/// <summary>Paths, walked component by component over this layer and those below, links inside the root followed.</summary>
sealed partial class LayerModel
{
    const int MaxLinks = 40;

    /// <summary>The directory that a path leads to; null where it is missing and is not to be made.</summary>
    ModelDirectory? Walk(ReadOnlySpan<string> path, bool make)
    {
        ModelDirectory at = Root;
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

            switch (Find(at, name, out string? link))
            {
                case ModelDirectory directory:
                    at = directory;
                    continue;
                case ModelFile when link is null:
                    return make ? throw new DecantException($"{PathBytes.Printable(name)} is on the way to it and is no directory") : null;
                case ModelFile:
                    break;
                default:
                    if (!make)
                        return null;
                    at = Make(at, name);
                    continue;
            }

            if (++links > MaxLinks)
                throw new DecantException($"more than {MaxLinks} links are on the way to it");
            string[] target = link.Split('/');
            for (int i = target.Length - 1; i >= 0; i--)
                rest.Push(target[i]);
            if (link[0] == '/')
                at = Root;
        }

        return at;
    }

    /// <summary>A directory, a file with the target where it is a link, or null for nothing.</summary>
    static ModelNode? Find(ModelDirectory at, string name, out string? link)
    {
        link = null;
        switch (at.Child(name))
        {
            case ModelDirectory directory:
                return directory;
            case ModelFile file:
                link = file.LinkTarget;
                return file;
            case not null:
                return null;
        }

        if (at.Below is null)
            return null;
        Errno errno = at.Below.TryFind(name, out FileStatus status, out string hostPath, out int index);
        if (errno == Errno.ENOENT)
            return null;
        if (errno != Errno.None)
            throw new LinuxException("stat", hostPath, errno);
        if (status.IsDirectory)
        {
            ModelDirectory child = new(at, name, new MergedDirectory(at.Below, name, hostPath, index));
            at.Set(name, child);
            return child;
        }

        using DeepPath host = DeepPath.Open(hostPath);
        link = status.IsSymbolicLink ? LinuxFile.ReadLink(host.Directory, host.Path) : null;
        return new ModelFile(0, at, name);
    }

    /// <summary>The directory of that name in this layer; whatever else has the name here gives way.</summary>
    static ModelDirectory Make(ModelDirectory parent, string name)
    {
        EnsureInLayer(parent);
        ModelNode? there = parent.Child(name);
        if (there is not ModelDirectory child)
        {
            child = new ModelDirectory(parent, name, BelowOf(parent, name));
            // A file or a whiteout of this layer: either hides what lies below for good.
            if (there is not null)
            {
                child.Opaque = child.Below is not null;
                child.Below = null;
            }

            parent.Set(name, child);
        }

        if (!child.InLayer)
            MakeInLayer(child);
        return child;
    }

    static MergedDirectory? BelowOf(ModelDirectory parent, string name) =>
        parent.Below is not null
        && parent.Below.TryFind(name, out FileStatus status, out string hostPath, out int index) == Errno.None
        && status.IsDirectory
            ? new MergedDirectory(parent.Below, name, hostPath, index)
            : null;

    static void EnsureInLayer(ModelDirectory directory)
    {
        for (ModelDirectory? at = directory; at is { InLayer: false }; at = at.Parent)
            MakeInLayer(at);
    }

    /// <summary>Alike to the directory below in all but content.</summary>
    static void MakeInLayer(ModelDirectory directory)
    {
        directory.InLayer = true;
        if (directory.Below is null)
            return;
        using DeepPath like = DeepPath.Open(directory.Below.At(0)!);
        directory.Metadata = FileMetadata.Read(like.WholePath);
    }
}
