using System.Text;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant inspect IMAGE</c></summary>
sealed class InspectCommand : StoreCommand
{
    bool json;

    public override string Name => "inspect";

    public override string Summary => "Show what an image is and how it wants to be run";

    public override CliOperand[] Operands => [new("IMAGE", ValueHint.Images)];

    public override CliOption[] Options => [JsonOption.Create(on => json = on)];

    protected override int Run(string[] operands, Configuration configuration)
    {
        StoredImage image = RunImage.Stored(configuration.OpenStore(), operands[0]);
        if (json)
            JsonOutput.Write(InspectReport.Of(image), ReportJson.Default.InspectReport);
        else
            StandardStreams.Write(Render(image));
        return ExitCode.Success;
    }

    static string Render(StoredImage image)
    {
        StringBuilder text = new();
        Line(text, "Name", image.Name);
        Line(text, "Source", image.Source);
        Line(text, "Digest", image.Manifest.Digest.ToString());
        Line(text, "Platform", image.Platform.ToString());
        Line(text, "Size", $"{ByteSize.Format(image.SizeBytes)} as stored");
        if (image.Created is { } created)
            Line(text, "Created", created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'"));
        Line(text, "Entrypoint", Words(image.Config.Entrypoint));
        Line(text, "Cmd", Words(image.Config.Cmd));
        Line(text, "Directory", image.Config.WorkingDir);
        Line(text, "User", image.Config.User);
        Line(text, "StopSignal", image.Config.StopSignal);
        foreach (string variable in image.Config.Env)
            Line(text, "Env", variable);
        foreach (string volume in image.Config.Volumes)
            Line(text, "Volume", volume);
        foreach (string port in image.Config.ExposedPorts)
            Line(text, "Port", port);
        foreach ((string name, string value) in image.Config.Labels)
            Line(text, "Label", $"{name}={value}");
        foreach (string layer in image.Layers)
            Line(text, "Layer", layer);
        return text.ToString();
    }

    static void Line(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
            text.Append((name + ":").PadRight(13)).Append(PathBytes.Printable(value)).Append('\n');
    }

    static string Words(IReadOnlyList<string> words) => string.Join(' ', words.Select(ShellWord.Quote));
}
