using Decant.Linux;

namespace Decant.Images;

/// <summary><c>docker-daemon:NAME[:TAG]</c> and <c>podman:NAME[:TAG]</c>, or an ID: an image of an engine on this machine.</summary>
sealed class EngineImageSource : ImageSource
{
    readonly ContainerEngine engine;
    readonly string name;

    public EngineImageSource(string transport, ContainerEngine engine, string name)
        : base($"{transport}:{name}")
    {
        this.engine = engine;
        this.name = EngineName.Check(name, Text);
    }

    /// <summary>The image's ID.</summary>
    internal override string? Stamp()
    {
        using EngineConnection connection = engine.Connect();
        return IdOf(Inspect(connection));
    }

    internal override SourceImage Open(Platform platform, string scratch)
    {
        using EngineConnection connection = engine.Connect();
        EngineImageDocument found = Inspect(connection);
        // Before all of it is fetched.
        if (!string.IsNullOrEmpty(found.Architecture))
        {
            Platform image = Platform.Of(found.Os ?? "linux", found.Architecture, found.Variant);
            if (!platform.Accepts(image))
                throw SourceImage.WrongPlatform(Text, image.ToString(), image, platform);
        }

        // By its ID: a name without a tag would give every tag's image.
        SectionStream archive = connection.Spool($"/images/{IdOf(found)}/get", Text, scratch) ?? throw Missing();
        TarContainer files = TarContainer.Over(Text, archive, Limits);
        try
        {
            return new DockerArchiveImage(Text, files, platform).Open(null, NameOf(found));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    EngineImageDocument Inspect(EngineConnection connection) =>
        connection.Get($"/images/{name}/json", ImagesJson.Default.EngineImageDocument) ?? throw Missing();

    string IdOf(EngineImageDocument found) => EngineName.Check(found.Id ?? "", Text);

    /// <summary>As the user named it; where that is an ID, what the engine calls the image.</summary>
    string? NameOf(EngineImageDocument found)
    {
        string id = IdOf(found);
        bool byId = id.StartsWith(name, StringComparison.Ordinal) || id.StartsWith("sha256:" + name, StringComparison.Ordinal);
        return byId ? found.RepoTags?.Find(tag => tag is not null) : name;
    }

    DecantException Missing() => new($"{Text}: {engine.Name} has no such image", $"{engine.Name} pull {name}; {engine.Name} images shows what it has");
}
