using Decant.Linux;

namespace Decant.Images;

/// <summary><c>docker-container:NAME</c> or an ID, running or not: its root file system as one layer, with its configuration.</summary>
sealed class EngineContainerSource : ImageSource
{
    readonly ContainerEngine engine;
    readonly string name;

    public EngineContainerSource(string transport, ContainerEngine engine, string name)
        : base($"{transport}:{name}")
    {
        this.engine = engine;
        this.name = EngineName.Check(name, Text);
    }

    /// <summary>Its files may change at any time.</summary>
    internal override string? Stamp() => null;

    internal override SourceImage Open(Platform platform, string scratch)
    {
        using EngineConnection connection = engine.Connect();
        EngineContainerDocument found = connection.Get($"/containers/{name}/json", ImagesJson.Default.EngineContainerDocument) ?? throw Missing();
        string id = EngineName.Check(found.Id ?? "", Text);
        SectionStream archive = connection.Spool($"/containers/{id}/export", Text, scratch) ?? throw Missing();
        return TreeImage.Open(Text, archive, found.Name?.TrimStart('/'), platform, Limits, found.Config, NotesOn(found));
    }

    /// <summary>What is mounted into the container is not in its export.</summary>
    List<string> NotesOn(EngineContainerDocument found)
    {
        List<string> options = [];
        foreach (EngineMountDocument? mount in found.Mounts ?? [])
        {
            if (mount?.Destination is not string place)
                continue;
            options.Add(mount.Type == "tmpfs" || string.IsNullOrEmpty(mount.Source)
                ? $"--tmpfs {Word(place)}"
                : $"-v {Word($"{mount.Source}:{place}{(mount.Writable ? "" : ":ro")}")}");
        }

        foreach ((string place, string? mountOptions) in found.HostConfig?.Tmpfs ?? [])
            options.Add($"--tmpfs {Word(string.IsNullOrEmpty(mountOptions) ? place : $"{place}:{mountOptions}")}");
        return options.Count == 0 ? [] : [$"{Text}: what is mounted into the container is not in the image; to have the same: decant run {string.Join(' ', options)} ..."];
    }

    /// <summary>One word of a shell.</summary>
    static string Word(string text)
    {
        string printable = PathBytes.Printable(text);
        bool plain = printable.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '=' or ',' or '+' or '@');
        return plain ? printable : $"'{printable.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    DecantException Missing() => new($"{Text}: {engine.Name} has no such container", $"{engine.Name} ps -a");
}
