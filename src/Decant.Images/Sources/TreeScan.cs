using Decant.Linux;

namespace Decant.Images;

/// <summary>Looks through the tar of a bare tree for the processor that its programs are made for, and for signs that it is no bare tree.</summary>
sealed class TreeScan(string text, ImageLimits limits, long? packedBytes)
{
    /// <summary>e_ident, e_type and e_machine.</summary>
    const int HeaderLength = 20;

    static readonly string[] programDirectories = ["bin/", "usr/bin/", "sbin/", "usr/sbin/", "lib/ld-", "lib64/ld-", "usr/lib/ld-", "usr/lib64/ld-"];

    /// <summary>Reads the stream to its end. In Go's words; null where no program tells. Where programs differ, as with an emulator's among them, most of them decide.</summary>
    /// <exception cref="DecantException">It is an archive of images, or empty.</exception>
    public string? Architecture(Stream tar)
    {
        Dictionary<string, int> votes = [];
        bool dockerManifest = false;
        bool images = false;
        TarReader reader = new(tar, text, limits, packedBytes);
        bool any = false;
        while (reader.Next() is TarEntry entry)
        {
            any = true;
            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name.TrimStart('/');
            if (name == "oci-layout")
                throw new DecantException($"{text}: an archive of OCI images, not the tree of one", "use oci-archive:FILE, or docker-archive:FILE where docker save wrote it");
            dockerManifest |= name == "manifest.json";
            images |= name == "repositories" || name.EndsWith("/layer.tar", StringComparison.Ordinal);
            if (entry.Type != TarEntryType.Regular || !Array.Exists(programDirectories, directory => name.StartsWith(directory, StringComparison.Ordinal)))
                continue;
            using HeadStream head = new(HeaderLength);
            reader.CopyTo(head);
            if (ElfMachine.Architecture(head.Head) is string architecture)
                votes[architecture] = votes.GetValueOrDefault(architecture) + 1;
        }

        if (!any)
            throw ArchiveFile.WithoutEntries(text);
        reader.Drain();
        if (dockerManifest && images)
            throw new DecantException($"{text}: docker save wrote it, so it is an archive of images, not the tree of one", "use docker-archive:FILE");
        return votes.Count == 0 ? null : votes.MaxBy(vote => vote.Value).Key;
    }
}
