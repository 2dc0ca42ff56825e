using System.IO.Enumeration;
using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What loaded files open by themselves, found in a root by the rules of <see cref="PluginFamily"/>.</summary>
/// <param name="path">The variable, by which programs are found that are started by name.</param>
sealed class PluginFiles(RootView view, RootLoaderFiles files, string path)
{
    /// <summary>A directory of data that is larger belongs to something else.</summary>
    const int MostFiles = 20_000;

    /// <summary>The paths of what a loaded file opens, each family's once; of programs started by name too.</summary>
    /// <param name="process">In which it is loaded.</param>
    public IEnumerable<(PluginFamily Family, string Path)> Of(LoadedProcess process, LoadedObject opener)
    {
        IReadOnlyList<string>? named = null;
        foreach (PluginFamily family in PluginFamily.All)
        {
            if (!family.IsOpenedBy(opener.Path) || (family.IfImported is { } symbol && !process.Objects.Any(one => one.File.Imports(symbol))))
                continue;
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (string file in family.Places.SelectMany(place => In(place, opener.Path, () => named ??= EmbeddedDirectories.Of(files, opener.Path))))
            {
                if (seen.Add(file))
                    yield return (family, file);
            }

            foreach (string program in family.Programs.SelectMany(name => Programs(name, process.Program.Path, opener.Path)))
            {
                if (seen.Add(program))
                    yield return (family, program);
            }
        }
    }

    /// <summary>Beside the program that was started, in PREFIX/bin of the library's prefix, or else on PATH.</summary>
    IEnumerable<string> Programs(string name, string program, string library)
    {
        string above = LinuxPath.Parent(LinuxPath.Parent(view.Resolve(library).Path));
        string[] directories = [LinuxPath.Parent(program), LinuxPath.Join(above, "bin"), LinuxPath.Join(LinuxPath.Parent(above), "bin"), .. path.Split(':', StringSplitOptions.RemoveEmptyEntries)];
        return directories.Select(directory => LinuxPath.Join(directory.TrimEnd('/'), name)).Where(one => view.Resolve(one) is { Exists: true, Status.IsRegular: true }).Take(1);
    }

    IEnumerable<string> In(PluginPlace place, string opener, Func<IReadOnlyList<string>> named)
    {
        IEnumerable<string> directories = place.Origin switch
        {
            PluginOrigin.Fixed => [place.Directory],
            PluginOrigin.Named => named().Where(directory => directory.EndsWith("/" + place.Directory, StringComparison.Ordinal)),
            _ => new[] { LinuxPath.Parent(opener), LinuxPath.Parent(view.Resolve(opener).Path) }.Distinct(StringComparer.Ordinal)
                .Select(directory => place.Directory.Length == 0 ? directory : LinuxPath.Absolute($"{directory}/{place.Directory}")),
        };
        return directories.SelectMany(directory => place.Files is { } pattern ? Matching(directory, pattern) : Below(directory));
    }

    IEnumerable<string> Matching(string directory, string pattern)
    {
        if (pattern == "**")
            return Below(directory);
        int slash = pattern.IndexOf('/');
        IEnumerable<string> matching = Names(directory).Where(name => FileSystemName.MatchesSimpleExpression(slash < 0 ? pattern : pattern[..slash], name, ignoreCase: false)).Select(name => LinuxPath.Join(directory, name));
        return slash < 0 ? matching.Where(file => view.Resolve(file) is { Exists: true, Status.IsRegular: true }) : matching.SelectMany(below => Matching(below, pattern[(slash + 1)..]));
    }

    /// <summary>Every file below a directory, links that lead to directories not followed.</summary>
    IEnumerable<string> Below(string directory)
    {
        Stack<string> rest = new([directory]);
        for (int count = 0; rest.TryPop(out string? at);)
        {
            foreach (string name in Names(at))
            {
                string file = LinuxPath.Join(at, name);
                RootEntry entry = view.Resolve(file, followLast: false);
                if (entry.Exists && entry.Status.IsDirectory)
                    rest.Push(file);
                else if (++count > MostFiles)
                    yield break;
                else if (view.Resolve(file) is { Exists: true, Status.IsRegular: true })
                    yield return file;
            }
        }
    }

    IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return view.Resolve(directory) is { Exists: true, Status.IsDirectory: true } ? [.. view.Names(directory).Order(StringComparer.Ordinal)] : [];
        }
        catch (LinuxException)
        {
            return [];
        }
    }
}
