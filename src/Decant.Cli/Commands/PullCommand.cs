using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant pull SOURCE [NAME]</c></summary>
sealed class PullCommand : StoreCommand
{
    readonly List<(string Name, long Value)> limits = [];
    Platform? platform;
    bool json;

    public override string Name => "pull";

    public override string Summary => "Unpack an image into the store";

    public override CliOperand[] Operands =>
        [new("SOURCE", ValueHint.Files), new("NAME", ValueHint.Images, Optional: true)];

    public override CliOption[] Options =>
    [
        new()
        {
            Name = "platform", Placeholder = "OS/ARCH", Hint = ValueHint.Choices, Choices = ["linux/amd64", "linux/arm64"],
            Help = "Choose from an image for several platforms", Apply = text => platform = Platform.Parse(text),
        },
        new()
        {
            Name = "limit", Placeholder = "NAME=NUMBER", Hint = ValueHint.Choices,
            Choices = [.. ImageLimits.Names.Select(name => name + "=")],
            Help = "What it may hold: entries, bytes, ratio, ...", Apply = text => limits.Add(LimitText.Parse(text)),
        },
        JsonOption.Create(on => json = on),
    ];

    public override string[] Examples =>
    [
        "decant pull docker://debian:13",
        "docker save debian:13 -o debian.tar",
        "decant pull docker-archive:debian.tar debian",
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        ImageSource source = configuration.Source(operands[0]);
        string? name = operands.Length > 1 ? operands[1] : null;
        StoredImage image;
        foreach ((string limit, long value) in limits)
            configuration = configuration with { Limits = configuration.Limits.With(limit, value) };
        using (PullProgress progress = new(quietWhenPresent: false))
            image = configuration.OpenStore().Pull(source, name, platform ?? Platform.Host, progress);
        if (json)
            JsonOutput.Write(new PullReport(ImageReport.Of(image)), ReportJson.Default.PullReport);
        else
            StandardStreams.Write(image.Name + "\n");
        return ExitCode.Success;
    }
}
