using System.Text;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A link that leads nowhere, where a path leads over one.</summary>
/// <param name="Path">The link's own, without links: of the path itself, or of a directory on the way to it.</param>
/// <param name="Text">"/usr/bin/python3 -> python3.13, which is not there", through all links that lead on from it.</param>
sealed record DanglingLink(string Path, string Text)
{
    /// <summary>Of a chain; beyond it nobody reads.</summary>
    const int MostLinks = 8;

    /// <summary>Of paths that are looked at for one answer: each is walked with all its links.</summary>
    public const int MostLooks = 200;

    /// <returns>Null where the path is there, is missing without any link's fault, or is closed; and where it leads to /proc or /dev, of which no image tells.</returns>
    public static DanglingLink? Find(RootView view, string path)
    {
        RootEntry entry = view.Resolve(path);
        if (entry.Errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP))
            return null;
        IReadOnlyList<RootLink> all = view.Links(path);
        if (ProgramCheck.IsLive(path) || AreLive(all))
            return null;
        // Of the links on the way, such as /lib -> usr/lib, most are sound.
        RootLink[] links = [.. all.DistinctBy(link => link.Path).Where(link => !view.Resolve(link.Path).Exists).Take(MostLinks)];
        if (links.Length == 0)
            return null;
        StringBuilder text = new(PathBytes.Printable(links[0].Path));
        for (int i = 0; i < links.Length; i++)
        {
            if (i > 0 && links[i].Path != TargetOf(links[i - 1]))
                text.Append(", and ").Append(PathBytes.Printable(links[i].Path));
            text.Append(" -> ").Append(PathBytes.Printable(links[i].Target));
        }

        string end = entry.Errno switch
        {
            Errno.ELOOP => ", which leads in a circle",
            Errno.ENOTDIR => ", which leads through a file",
            _ => ", which is not there",
        };
        return new DanglingLink(links[0].Path, text.Append(end).ToString());
    }

    /// <summary>Whether it is a link of this name itself, and no directory on the way.</summary>
    public bool IsNamed(string name) => LinuxPath.Name(Path) == LinuxPath.Name(name);

    /// <summary>Whether one of them is below /proc or /dev, or leads there or to these themselves.</summary>
    public static bool AreLive(IReadOnlyList<RootLink> links) => links.Any(link => ProgramCheck.IsLive(link.Path) || ProgramCheck.IsLive($"{TargetOf(link)}/"));

    static string TargetOf(RootLink link) => LinuxPath.Absolute(link.Target.StartsWith('/') ? link.Target : $"{LinuxPath.Parent(link.Path)}/{link.Target}");
}
