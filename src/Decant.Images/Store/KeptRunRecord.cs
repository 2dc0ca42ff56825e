using Decant.Linux;

namespace Decant.Images;

/// <summary>What runs/NAME/run.json holds: what the run was made from.</summary>
sealed record KeptRunRecord
{
    public const string FileName = "run.json";

    public required string Image { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The topmost first: the names of the store's layers, and absolute directories elsewhere. A store can be moved.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>Those of the layers that are the store's.</summary>
    public IEnumerable<string> Chain => Layers.Where(layer => !layer.StartsWith('/'));

    /// <summary>Layers as a launch has them, in the form that is kept.</summary>
    public static IReadOnlyList<string> Identity(string root, IReadOnlyList<string> layers)
    {
        string prefix = root + "/layers/";
        return [.. layers.Select(layer => layer.StartsWith(prefix, StringComparison.Ordinal) ? layer[prefix.Length..].Split('/')[0] : layer)];
    }

    public static KeptRunRecord Read(string directory)
    {
        string path = $"{directory}/{FileName}";
        return ImagesJson.Read(LinuxFile.ReadAll(null, path), ImagesJson.Default.KeptRunRecord, path);
    }

    public byte[] ToJson() => ImagesJson.Write(this, ImagesJson.Default.KeptRunRecord);
}
