using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

public sealed partial class ImageStore
{
    /// <summary>
    /// An image's layers as one directory with all that a launch mounts on, for hosts without overlayfs; never to be written to, as its
    /// files are the layers'. Made at the first use, in the topmost layer's own directory, with which it is removed.
    /// </summary>
    /// <param name="layers">A stored image's, the topmost first.</param>
    public string Flatten(IReadOnlyList<string> layers)
    {
        string layer = Path.GetDirectoryName(layers[0])!;
        string flat = layer + "/flat";
        if (LinuxFile.Exists(flat))
            return flat;
        using FileLock work = BeginWork();
        using FileLock one = Lock($"tmp/{Path.GetFileName(layer)}.flat.lock", exclusive: true);
        // Another run has made it meanwhile.
        if (LinuxFile.Exists(flat))
            return flat;
        using ScratchDirectory scratch = new(Root + "/tmp");
        string made = scratch.Path + "/flat";
        LinuxFile.MakeDirectory(null, made, PrivateDirectory);
        FlatRoot.Build([.. layers, MakeMountPoints(scratch.Path + "/points")], made);
        using (SafeFileHandle directory = LinuxFile.Open(scratch.Path, OpenFlags.ReadOnly | OpenFlag.Directory))
            LinuxFile.SyncFileSystem(directory, scratch.Path);
        LinuxFile.Rename(null, made, null, flat);
        DurableFile.SyncDirectory(layer);
        return flat;
    }

    /// <summary>A layer to lie below all others, with the directories that a launch mounts on or a program writes to and the image may lack.</summary>
    static string MakeMountPoints(string directory)
    {
        Make(directory);
        foreach (string name in (ReadOnlySpan<string>)["proc", "sys", "dev", "tmp"])
        {
            Make($"{directory}/{name}");
            Errno errno = LinuxFile.TryChangeMode(null, $"{directory}/{name}", name == "tmp" ? 0x3FFu /* 1777 */ : 0x1ED /* 0755 */);
            if (errno != Errno.None)
                throw new LinuxException("chmod", $"{directory}/{name}", errno);
        }

        return directory;
    }
}
