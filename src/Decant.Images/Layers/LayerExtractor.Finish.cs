using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>What directories get last: their times change with what is made in them, and their modes may forbid it.</summary>
public sealed partial class LayerExtractor
{
    void Finish()
    {
        if (hiddenRoot is not null)
            HideRoot(hiddenRoot);
        List<LayerDirectory> all = tree.Root.Subtree();
        // Children first: setting up a child changes its parent's times, and a parent's mode may forbid reaching the child.
        for (int i = all.Count - 1; i >= 0; i--)
        {
            if (all[i].InLayer)
                Finish(all[i]);
        }
    }

    void LetGo()
    {
        recent = default;
        tree.LetGo(Finish);
    }

    void Finish(LayerDirectory directory)
    {
        try
        {
            directory.TakeMetadataFromBelow();
            SafeFileHandle holder = tree.Open(directory.Parent ?? directory);
            string name = directory.Parent is null ? "." : directory.Name;
            if (directory.Opaque)
                WriteOpaque($"/proc/self/fd/{LinuxFile.Number(holder)}/{name}", directory);
            if (directory.Metadata is { } described)
                metadata.Apply(holder, name, described, isLink: false, name);
            else if (LinuxFile.TryChangeMode(holder, name, 0x1ED) is var errno and not Errno.None)
                throw new LinuxException("change the mode of", name, errno);
        }
        catch (LinuxException e)
        {
            throw new DecantException($"{options.Subject}: directory {PathBytes.Printable(LayerTree.PathOf(directory))}: {e.Message}", e.Fix, e);
        }
    }
}
