using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// What refs/NAME holds: everything that a launch and a collection of garbage need to know of an image, so that they
/// open one file a name. A line for each value, as its name, a space, and the text with \n, \0 and \\ for newline, NUL and
/// backslash; what is a list has as many lines as values. The first call of a JSON reader would cost a launch a fiftieth of its time.
/// </summary>
sealed partial record ImageRecord
{
    const string FirstLine = "decant-image 2";
    const string LastLine = "end";

    public string Name { get; set; } = "";
    public string Source { get; set; } = "";

    /// <summary>Which state of the source's file this is, where the source was run directly.</summary>
    public string? Stamp { get; set; }

    public string ManifestType { get; set; } = "";
    public Digest Manifest { get; set; }
    public long ManifestSize { get; set; }
    public Digest Config { get; set; }
    public string Platform { get; set; } = "";
    /// <summary>Ticks of UTC: a number, as the first parsing of a date costs a launch a tenth of a millisecond and more.</summary>
    public long? CreatedTicks { get; set; }

    /// <summary>Bytes of all blobs.</summary>
    public long Size { get; set; }

    /// <summary>The layers' blobs.</summary>
    public List<string> Blobs { get; set; } = [];

    /// <summary>Chain IDs without the algorithm, the topmost first: the names of the layers' directories.</summary>
    public List<string> Chain { get; set; } = [];

    public ImageRunConfig Run { get; set; } = ImageRunConfig.Empty;

    public static ImageRecord Of(string name, SourceImage image, Platform assumed, string? stamp)
    {
        IReadOnlyList<Digest> chain = ChainId.Of(image.Config.DiffIds);
        return new ImageRecord
        {
            Name = name,
            Source = image.Text,
            Stamp = stamp,
            ManifestType = image.Manifest.MediaType,
            Manifest = image.Manifest.Digest,
            ManifestSize = image.Manifest.Size,
            Config = image.ConfigDescriptor.Digest,
            Platform = (image.Config.Platform ?? assumed).ToString(),
            CreatedTicks = image.Config.Created?.UtcTicks,
            Size = image.Manifest.Size + image.ConfigDescriptor.Size + image.Layers.Sum(layer => layer.Size),
            Blobs = [.. image.Layers.Select(layer => layer.Digest.ToString())],
            Chain = [.. chain.Reverse().Select(id => id.Hex)],
            Run = image.Config.Run,
        };
    }

    public StoredImage ToStoredImage(string root)
    {
        string[] layers = new string[Chain.Count];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = $"{root}/layers/{Chain[i]}/diff";
        return new StoredImage
        {
            Name = Name,
            Manifest = new Descriptor(ManifestType, Manifest, ManifestSize),
            ConfigDigest = Config,
            Platform = Images.Platform.Parse(Platform),
            Config = Run,
            Layers = ImmutableCollectionsMarshal.AsImmutableArray(layers),
            SizeBytes = Size,
            Created = CreatedTicks is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            Source = Source,
        };
    }

    public byte[] ToBytes()
    {
        StringBuilder text = new();
        text.Append(FirstLine).Append('\n');
        Add(text, "name", Name);
        Add(text, "source", Source);
        if (Stamp is not null)
            Add(text, "stamp", Stamp);
        Add(text, "manifestType", ManifestType);
        Add(text, "manifest", Manifest.ToString());
        Add(text, "manifestSize", ManifestSize);
        Add(text, "config", Config.ToString());
        Add(text, "platform", Platform);
        if (CreatedTicks is long ticks)
            Add(text, "createdTicks", ticks);
        Add(text, "size", Size);
        Add(text, "blob", Blobs);
        Add(text, "chain", Chain);
        Add(text, "env", Run.Env);
        Add(text, "entrypoint", Run.Entrypoint);
        Add(text, "cmd", Run.Cmd);
        Add(text, "workingDir", Run.WorkingDir);
        Add(text, "user", Run.User);
        Add(text, "stopSignal", Run.StopSignal);
        Add(text, "volume", Run.Volumes);
        Add(text, "exposedPort", Run.ExposedPorts);
        foreach ((string key, string value) in Run.Labels)
        {
            Add(text, "label", key);
            Add(text, "labelValue", value);
        }

        return PathBytes.Encode(text.Append(LastLine).Append('\n').ToString());
    }

    static void Add(StringBuilder text, string name, string value) =>
        text.Append(name).Append(' ').Append(value.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\0", "\\0")).Append('\n');

    static void Add(StringBuilder text, string name, long value) => text.Append(name).Append(' ').Append(CultureInfo.InvariantCulture, $"{value}").Append('\n');

    static void Add(StringBuilder text, string name, IEnumerable<string> values)
    {
        foreach (string value in values)
            Add(text, name, value);
    }
}
