using System.Text;
using Decant.Devices;
using Decant.Doctor;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant host</c></summary>
sealed class HostCommand : CliCommand
{
    bool json;
    bool cdi;
    bool noHooks;

    public override string Name => "host";

    public override string Summary => "Check whether this host can run images natively";

    public override CliOption[] Options =>
    [
        CliOption.Flag("cdi", '\0', OptionTopic.Output, "Print a CDI specification of its NVIDIA GPUs", on => cdi = on),
        CliOption.Flag("no-hooks", '\0', OptionTopic.Output, "With --cdi: for engines without nvidia-cdi-hook", on => noHooks = on),
        JsonOption.Create(on => json = on),
    ];

    public override string[] Examples => ["decant host", "decant host --cdi | sudo tee /etc/cdi/nvidia.yaml"];

    public override int Run(string[] operands)
    {
        if (noHooks && !cdi)
            throw new DecantException("--no-hooks is about the specification, and needs --cdi", "decant host --cdi --no-hooks");
        if (cdi)
        {
            GpuDevices gpus = GpuDevices.Probe();
            // Only there the CUDA of the driver is asked for.
            CdiSpec spec = NvidiaCdi.Generate(gpus.UsesTegraFiles ? gpus.WithManagement() : gpus, hooks: !noHooks);
            StandardStreams.Write(json ? CdiText.Json(spec) : CdiText.Yaml(spec));
            return ExitCode.Success;
        }

        // Without the namespace the overlay cannot be tried, and its check goes by what the kernel lists.
        Errno namespaces = HostTrial.UserNamespace();
        HostReport report = HostReport.Collect(HostProbes.ThisHost(
            Configuration.Load().Store.Root, () => namespaces, namespaces == Errno.None ? HostTrial.Overlay : null));
        if (json)
            JsonOutput.Write(HostJsonReport.Of(report), ReportJson.Default.HostJsonReport);
        else
            StandardStreams.Write(Render(report));
        return report.Status == HostStatus.Missing ? ExitCode.Failure : ExitCode.Success;
    }

    static string Render(HostReport report)
    {
        StringBuilder text = new();
        foreach (HostCheck check in report.Checks)
        {
            text.Append(Word(check.Status)).Append(PathBytes.Printable($"{check.Title}: {check.Detail}")).Append('\n');
            foreach (string item in check.Items)
                Indented(text, "", item);
            if (check.Consequence is not null)
                Indented(text, "so: ", check.Consequence);
            if (check.Fix is not null)
                Indented(text, "fix: ", check.Fix);
        }

        return text.ToString();
    }

    static void Indented(StringBuilder text, string label, string lines)
    {
        string[] split = lines.Split('\n');
        for (int i = 0; i < split.Length; i++)
            text.Append(' ', 9).Append(i == 0 ? label : new string(' ', label.Length)).Append(PathBytes.Printable(split[i])).Append('\n');
    }

    static string Word(HostStatus status)
    {
        string word = HostCheckReport.Word(status).PadRight(9);
        int colour = status switch { HostStatus.Ok => 32, HostStatus.Limited => 33, _ => 31 };
        return Colours.OnOutput ? $"\e[{colour}m{word}\e[0m" : word;
    }
}
