using Decant.Doctor;
using Decant.Elf;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant ldd [options] IMAGE PATH...</c></summary>
sealed class LddCommand : StoreCommand
{
    readonly RunOptions run = new();
    CliOption[]? options;
    bool symbols;
    bool deviceCode;
    bool json;
    string? why;
    string? opener;

    public override string Name => "ldd";

    public override string Summary => "Show what the image's loader binds to a program, and why";

    public override CliOperand[] Operands => [new("IMAGE", ValueHint.Images), new("PATH", ValueHint.Nothing, Repeated: true)];

    public override CliOption[] Options => options ??=
    [
        .. run.Table(),
        CliOption.Flag("symbols", '\0', OptionTopic.Output, "Bind every symbol; show what is missing", on => symbols = on),
        new CliOption
        {
            Name = "why",
            Placeholder = "NAME",
            Help = "Only this library or symbol: who and why",
            Apply = text => why = text.Length > 0 ? text : throw new DecantException("--why wants a library or a symbol", "--why libucs.so.0, or --why ucs_config_doc_nop"),
        },
        new CliOption
        {
            Name = "opened-by",
            Placeholder = "PROGRAM",
            Hint = ValueHint.Nothing,
            Help = "PATH is a plugin that PROGRAM opens",
            Apply = text => opener = text,
        },
        CliOption.Flag("device-code", '\0', OptionTopic.Output, "Show for which GPUs there is code", on => deviceCode = on),
        JsonOption.Create(on => json = on),
    ];

    public override string[] Examples =>
    [
        "decant ldd debian python3",
        "decant ldd --symbols train /opt/hpcx/ucc/lib/libucc.so.1",
        "decant ldd --why libstdc++.so.6 -e LD_LIBRARY_PATH=/opt/lib train /usr/bin/app",
        "decant ldd --symbols --opened-by mpirun train /opt/ompi/lib/mca_pml_ucx.so",
        "decant ldd --device-code train /opt/app/solver",
        "decant ldd rootfs:/ ls",
    ];

    public override bool Refuse(string option, string? value) => RefusedOptions.Refuse(option, value);

    protected override int Run(string[] operands, Configuration configuration)
    {
        // The program is not started: any will do for the plan, which has the root as it will be.
        LaunchSpec spec = run.ToSpec(configuration.OpenStore(), [operands[0], operands[1]], configuration, makeRun: false);
        using (spec.Kept)
        {
            LaunchPlan plan = LaunchPlanner.Plan(spec, LaunchHost.Probe());
            string start = spec.WorkingDirectory ?? spec.Image.Config.WorkingDir;
            ImagePrograms programs = new(plan.View, plan.Environment, start.Length > 0 ? start : "/");
            LddProgramReport[] reports = Array.ConvertAll(operands[1..], path => Report(programs, path));
            if (json)
                JsonOutput.Write(new LddReport(reports), ReportJson.Default.LddReport);
            else
                StandardStreams.Write(LddText.Render(reports, Colours.OnOutput));
            return Array.Exists(reports, report => !report.Healthy) ? ExitCode.ProblemsFound : ExitCode.Success;
        }
    }

    LddProgramReport Report(ImagePrograms programs, string path)
    {
        FoundProgram found = programs.Find(path);
        LoadedProcess process = opener is null ? programs.Load(found.Path) : programs.Open(programs.Find(opener).Path, found.Path);
        ProcessSymbols? bound = symbols || why is not null ? new ProcessSymbols(process) : null;
        return LddProgramReport.Of(found, process, symbols ? bound : null, why is null ? null : LddWhyReport.Of(process, bound!, why), deviceCode);
    }
}
