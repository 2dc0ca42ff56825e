using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant export IMAGE TARGET</c></summary>
sealed class ExportCommand : StoreCommand
{
    Platform? platform;

    public override string Name => "export";

    public override string Summary => "Write an image to a file or an image layout";

    public override CliOperand[] Operands =>
        [new("IMAGE", ValueHint.Images), new("TARGET", ValueHint.Targets)];

    public override CliOption[] Options =>
    [
        new()
        {
            Name = "platform", Placeholder = "OS/ARCH", Hint = ValueHint.Choices, Choices = ["linux/amd64", "linux/arm64"],
            Help = "Choose from an image for several platforms", Apply = text => platform = Platform.Parse(text),
        },
    ];

    public override string[] Examples =>
    [
        "decant export debian oci:./images:debian",
        "decant export app docker-archive:app.tar:lab/app:1",
        "decant export app docker-archive:- | docker load",
        "decant export app tar:- | tar -tv",
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        string name = operands[0];
        ExportTarget target = ExportTarget.Parse(operands[1], name);
        if (target.IsStandardOutput && StandardStreams.OutputIsTerminal)
            throw new DecantException("an archive is not written to a terminal", "name a file instead of -, or send the output to one: decant export IMAGE tar:- >FILE");
        ImageStore store = configuration.OpenStore();
        if (ImageSource.IsSource(name))
            store.Export(configuration.Source(name), platform ?? Platform.Host, target);
        else
            store.Export(RunImage.Stored(store, name, platform).Name, target);
        return ExitCode.Success;
    }
}
