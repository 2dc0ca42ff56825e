using Decant.Linux;

namespace Decant.Devices;

/// <summary>A computer whose processor has an NVIDIA GPU in it (Jetson), with a driver of its own kind.</summary>
/// <param name="Model">Such as "NVIDIA Jetson AGX Orin Developer Kit".</param>
/// <param name="Release">Of Jetson Linux, such as "R36.4"; null where nothing tells.</param>
public sealed record NvidiaTegra(string Model, string? Release)
{
    const string Lists = "/etc/nvidia-container-runtime/host-files-for-container.d";

    internal static NvidiaTegra? Probe(HostTree tree)
    {
        string? release = tree.Text("/etc/nv_tegra_release");
        if (release is null && tree.Text("/sys/devices/soc0/family")?.StartsWith("tegra", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        string model = tree.Text("/proc/device-tree/model")?.TrimEnd('\0') is { Length: > 0 } text ? text : "NVIDIA Tegra";
        return new NvidiaTegra(model, release is null ? null : Number(release));
    }

    /// <summary>"# R36 (release), REVISION: 4.0, GCID: ..." is R36.4.0.</summary>
    static string? Number(string text)
    {
        string[] words = text.Split([' ', ',', '#'], StringSplitOptions.RemoveEmptyEntries);
        int revision = Array.IndexOf(words, "REVISION:");
        return words.Length == 0 || words[0][0] != 'R' ? null : revision >= 0 && revision + 1 < words.Length ? $"{words[0]}.{words[revision + 1]}" : words[0];
    }

    /// <summary>The files, directories and links that Jetson Linux lists for containers; those that are there.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    /// <returns>What is to be mounted at its own path, and links with what they say.</returns>
    public static (IReadOnlyList<string> Files, IReadOnlyList<(string Target, string Link)> Links) Files(string root = "/")
    {
        HostTree tree = new(root);
        List<string> files = [];
        List<(string, string)> links = [];
        foreach (string name in tree.Names(Lists).Where(name => name.EndsWith(".csv", StringComparison.Ordinal)))
        {
            foreach ((string kind, string path) in Lines(tree.Text($"{Lists}/{name}") ?? ""))
            {
                if (kind == "sym" && tree.Link(path) is { } target)
                    links.Add((target, path));
                else if (kind is "lib" or "dir" && tree.Exists(path))
                    files.Add(path);
            }
        }

        return ([.. files.Distinct()], [.. links.Distinct()]);
    }

    /// <summary>The links that one list names, as the hook create-symlinks of older toolkits makes them.</summary>
    /// <param name="file">Of the host.</param>
    /// <param name="root">In which they are looked up.</param>
    /// <param name="option">Who asks, for messages.</param>
    /// <exception cref="DecantException">The list cannot be read.</exception>
    internal static IEnumerable<(string Target, string Link)> Links(string file, string root, string option)
    {
        string text = new HostTree("/").Text(file) ?? throw new DecantException($"{option}: its hook create-symlinks reads {PathBytes.Printable(file)}, which is not there or cannot be read", "install what has it, or write the specification anew");
        HostTree tree = new(root);
        return Lines(text).Where(line => line.Kind == "sym").Select(line => (Target: tree.Link(line.Path), line.Path)).Where(link => link.Target is not null).Select(link => (link.Target!, link.Path));
    }

    static IEnumerable<(string Kind, string Path)> Lines(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Split(',', 2, StringSplitOptions.TrimEntries) is [var kind, var path] && path.StartsWith('/'))
                yield return (kind, path);
        }
    }
}
