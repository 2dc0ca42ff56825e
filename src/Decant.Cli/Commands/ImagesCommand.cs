using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant images</c></summary>
sealed class ImagesCommand : StoreCommand
{
    bool quiet;
    bool withRuns;
    bool json;

    public override string Name => "images";

    public override string Summary => "List the images and the kept runs of the store";

    public override CliOption[] Options =>
    [
        CliOption.Flag("quiet", 'q', OptionTopic.Output, "Print names of images only", on => quiet = on),
        CliOption.Flag("runs", '\0', OptionTopic.Output, "With --quiet: names of kept runs too", on => withRuns = on),
        JsonOption.Create(on => json = on),
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        ImageStore store = configuration.OpenStore();
        IReadOnlyList<StoredImage> images = store.List();
        if (quiet)
        {
            IEnumerable<string> names = images.Select(image => image.Name);
            if (withRuns)
                names = names.Concat(store.Runs().Select(run => run.Name));
            StandardStreams.Write(string.Concat(names.Select(name => name + "\n")));
            return ExitCode.Success;
        }

        IReadOnlyList<KeptRunInfo> runs = store.Runs();
        if (json)
            JsonOutput.Write(ImagesReport.Of(store.Root, images, runs), ReportJson.Default.ImagesReport);
        else
            StandardStreams.Write(Render(images, runs));
        return ExitCode.Success;
    }

    static string Render(IReadOnlyList<StoredImage> images, IReadOnlyList<KeptRunInfo> runs)
    {
        bool bold = Colours.OnOutput;
        TextTable table = new("IMAGE", "DIGEST", "PLATFORM", "SIZE", "CREATED");
        foreach (StoredImage image in images)
        {
            table.Add(
                PathBytes.Printable(image.Name),
                image.Manifest.Digest.Hex[..12],
                PathBytes.Printable(image.Platform.ToString()),
                ByteSize.Format(image.SizeBytes),
                Day(image.Created));
        }

        string text = table.Render(bold);
        if (runs.Count == 0)
            return text;
        TextTable kept = new("RUN", "IMAGE", "CREATED", "STATE");
        foreach (KeptRunInfo run in runs)
            kept.Add(PathBytes.Printable(run.Name), PathBytes.Printable(run.Image), Day(run.Created), run.InUse ? "running" : "kept");
        return text + "\n" + kept.Render(bold);
    }

    static string Day(DateTimeOffset? time) => time is { } t ? t.UtcDateTime.ToString("yyyy-MM-dd") : "-";
}
