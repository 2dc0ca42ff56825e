using System.Text;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant pack PATH... -o TARGET</c></summary>
sealed class PackCommand : StoreCommand
{
    /// <summary>More lines of them would hide what else is said.</summary>
    const int MostLeftOut = 5;

    readonly List<EnvRequest> env = [];
    string? output;
    bool list;
    bool json;

    public override string Name => "pack";

    public override string Summary => "Make an image of this host's programs and all that they load";

    public override CliOperand[] Operands => [new("PATH", ValueHint.Files, Repeated: true)];

    public override CliOption[] Options =>
    [
        new()
        {
            Name = "output", Letter = 'o', Placeholder = "TARGET", Hint = ValueHint.Targets,
            Help = "Where the image goes: oci:DIR[:TAG], ...", Apply = text => output = text,
        },
        new()
        {
            Name = "env", Letter = 'e', Placeholder = "NAME[=VALUE]", Hint = ValueHint.Variables,
            Help = "A variable of the image; NAME alone takes yours", Apply = text => env.Add(EnvText.Parse(text, "--env")),
        },
        CliOption.Flag("list", '\0', OptionTopic.Output, "Only show what would be packed, and why", on => list = on),
        JsonOption.Create(on => json = on),
    ];

    public override string[] Examples =>
    [
        "decant pack mpirun ./solver -o oci:solver",
        "decant pack .venv/bin/python ./train.py -o docker-archive:train.tar",
        "decant pack --list python3 /usr/lib/python3/dist-packages/numpy",
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        if (output is null && !list)
            throw new DecantException("no place for the image", "add -o oci:DIR, or --list to see what would be in it");
        if (output is not null && list)
            throw new DecantException("--list writes no image, and -o says where one goes", "leave one of them away");
        ExportTarget? target = output is null ? null : ExportTarget.Parse(output, LinuxPath.Name(operands[0].TrimEnd('/')));
        if (target is { IsStandardOutput: true } && (StandardStreams.OutputIsTerminal || json))
            throw new DecantException(StandardStreams.OutputIsTerminal ? "an archive is not written to a terminal" : "standard output is taken by the list", "name a file instead of -");
        Pack pack = new(new RootView(["/"]), Environment(), LinuxFile.WorkingDirectory());
        foreach (string operand in operands)
            pack.Add(operand);
        pack.Finish();
        ImageRunConfig config = pack.Config with { Env = [.. pack.Config.Env, .. env.Select(Value)] };
        long? stored = target is null ? null : configuration.OpenStore().Export(config, pack.Write, target);
        PackReport report = PackReport.Of(pack, config, stored);
        if (json)
            JsonOutput.Write(report, ReportJson.Default.PackReport);
        else if (list)
            StandardStreams.Write(List(report));
        StandardStreams.WriteError(list ? Warnings(report) : Summarize(report) + Warnings(report));
        return ExitCode.Success;
    }

    /// <summary>What decides where programs and their libraries are found; LD_PRELOAD's belong to whoever asks.</summary>
    static LaunchEnvironment Environment()
    {
        LaunchEnvironment environment = new LaunchEnvironment().With("PATH", CallerEnvironment.Get("PATH") ?? LaunchEnvironment.DefaultPath, "caller");
        foreach (string name in (string[])["LD_LIBRARY_PATH", "PYTHONHOME", "HOME"])
            environment = environment.With(name, CallerEnvironment.Get(name), "caller");
        return environment;
    }

    static string Value(EnvRequest request) =>
        $"{request.Name}={request.Value ?? CallerEnvironment.Get(request.Name) ?? throw new DecantException($"--env {PathBytes.Printable(request.Name)}: your environment has no such variable", $"-e {PathBytes.Printable(request.Name)}=VALUE")}";

    static string List(PackReport report)
    {
        StringBuilder text = new();
        int width = Math.Min(report.Files.Max(file => file.Path.Length), 60);
        foreach (PackedFileReport file in report.Files)
            text.Append(PathBytes.Printable(file.Path).PadRight(width)).Append("  ").Append(PathBytes.Printable(file.Why)).Append('\n');
        foreach (PackedLinkReport link in report.Links)
            text.Append(PathBytes.Printable(link.Path).PadRight(width)).Append("  -> ").Append(PathBytes.Printable(link.Target)).Append('\n');
        foreach (LeftOutFileReport left in report.LeftOut)
            text.Append(PathBytes.Printable(left.Path).PadRight(width)).Append("  left out: ").Append(PathBytes.Printable(left.Reason)).Append('\n');
        return text.ToString();
    }

    static string Warnings(PackReport report) => string.Concat(report.Warnings.Select(warning => $"warning: {warning}\n"));

    static string Summarize(PackReport report)
    {
        StringBuilder text = new($"packed {report.Files.Count} files, {report.ContentBytes / 1e6:F1} MB ({report.StoredBytes / 1e6:F1} MB as stored)\n");
        foreach (LeftOutFileReport left in report.LeftOut.Take(MostLeftOut))
            text.Append($"left out {PathBytes.Printable(left.Path)}: {PathBytes.Printable(left.Reason)}\n");
        if (report.LeftOut.Count > MostLeftOut)
            text.Append($"and {report.LeftOut.Count - MostLeftOut} more; --list shows them\n");
        return text.ToString();
    }
}
