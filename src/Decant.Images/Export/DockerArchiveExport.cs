namespace Decant.Images;

/// <summary>
/// <c>docker-archive:FILE[:name:tag]</c>: what <c>docker load</c> takes. Its layers are plain tars named by their diff IDs, which every
/// version of every reader takes; what names them comes first.
/// </summary>
sealed class DockerArchiveExport(string text, string path, string? reference) : FileExport(text, path)
{
    private protected override void WriteImage(SourceImage image, Stream into)
    {
        string config = image.ConfigDescriptor.Digest.Hex + ".json";
        DockerArchiveDocument document = new()
        {
            Config = config,
            RepoTags = reference is null ? null : [reference],
            Layers = [.. image.Config.DiffIds.Select(NameOf)],
        };
        ArchiveWriter archive = new(into);
        archive.AddFile("manifest.json", ImagesJson.Write([document], ImagesJson.Default.ListDockerArchiveDocument));
        archive.AddFile(config, image.ConfigBytes);
        HashSet<Digest> seen = [];
        for (int layer = 0; layer < image.Layers.Count; layer++)
        {
            if (seen.Add(image.Config.DiffIds[layer]))
                AddLayer(archive, image, layer);
        }

        archive.End();
    }

    static string NameOf(Digest diffId) => diffId.Hex + ".tar";

    /// <summary>The size stands before the content, and only unpacking tells it: the layer is read twice rather than stored in between.</summary>
    void AddLayer(ArchiveWriter archive, SourceImage image, int layer)
    {
        long size;
        using (LayerTar measured = new(image, layer, Limits))
        {
            measured.Drain();
            size = measured.Count;
        }

        using LayerTar tar = new(image, layer, Limits);
        archive.AddFile(NameOf(image.Config.DiffIds[layer]), size, tar);
    }
}
