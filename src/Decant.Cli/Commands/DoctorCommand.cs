using Decant.Doctor;
using Decant.Elf;
using Decant.Launch;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Cli;

/// <summary><c>decant doctor [options] IMAGE [-- CMD...]</c></summary>
sealed class DoctorCommand : StoreCommand
{
    readonly RunOptions run = new();
    CliOption[]? options;
    bool json;
    string? explain;
    string? html;

    public override string Name => "doctor";

    public override string Summary => "Say what will fail, why, and what fixes it, before it runs";

    public override CliOperand[] Operands => RunOptions.Operands;

    public override bool OptionsComeFirst => true;

    public override CliOption[] Options => options ??=
    [
        .. run.Table(),
        new CliOption
        {
            Name = "explain",
            Placeholder = "FILE|-",
            Hint = ValueHint.Files,
            Help = "Answer an error text from the image",
            Apply = text => explain = text,
        },
        new CliOption
        {
            Name = "html",
            Placeholder = "FILE",
            Hint = ValueHint.Files,
            Help = "Write the report as a page, with pictures",
            Apply = text => html = text,
        },
        JsonOption.Create(on => json = on),
    ];

    public override string[] Examples =>
    [
        "decant doctor train -- mpirun -np 2 python3 train.py",
        "decant doctor -e LD_LIBRARY_PATH=/opt/ucx/lib train ucx_info -v",
        "decant doctor train",
        "decant run train python3 train.py 2>&1 | decant doctor --explain - train",
    ];

    public override bool Refuse(string option, string? value) => RefusedOptions.Refuse(option, value);

    protected override int Run(string[] operands, Configuration configuration)
    {
        LaunchSpec spec = run.ToSpec(configuration.OpenStore(), RunOptions.WithoutSeparator(operands), configuration, makeRun: false);
        using (spec.Kept)
        {
            bool hasCommand = spec.Command.Length > 0 || spec.Entrypoint is not null;
            bool imageHasCommand = spec.Image.Config.Cmd.Length + spec.Image.Config.Entrypoint.Length > 0;
            // A plan has a command; of an image without one only the root is looked at.
            LaunchPlan plan = LaunchPlanner.Plan(hasCommand || imageHasCommand ? spec : spec with { Command = ["true"] }, LaunchHost.Probe());
            ExaminedCommand command = Examined(spec, plan);
            DoctorHost host = DoctorHost.Probe();
            bool isAboutCommand = hasCommand || (imageHasCommand && explain is null);
            DoctorReport report = DoctorReport.Of(operands[0], plan, isAboutCommand ? Diagnosis.Of(command, host) : new Diagnosis([], null, null));
            if (!isAboutCommand)
                report = report with { Command = [] };
            if (explain is not null)
                report = report with { Explained = true, Findings = [.. Answers(command, host, explain), .. report.Findings] };
            else if (!hasCommand)
                report = WithRoot(report, RootExamination.Of(command, host)) with { Stacks = [.. StackInventory.Of(command.Root).Select(StackReport.Of)] };
            if (html is not null)
                WriteHtml(report, command, host);
            if (json)
                JsonOutput.Write(report, ReportJson.Default.DoctorReport);
            else
                StandardStreams.Write(DoctorText.Render(report, Colours.OnOutput));
            return report.Healthy && !report.Explained ? ExitCode.Success : ExitCode.ProblemsFound;
        }
    }

    static DoctorReport WithRoot(DoctorReport report, RootExamination root)
    {
        // What is wrong with the root is told of the image's own command too.
        FindingReport[] findings = [.. report.Findings.Concat(root.Findings.Select(FindingReport.Of)).DistinctBy(finding => (finding.Id, finding.Cause))];
        return report with { Findings = findings, Healthy = !Array.Exists(findings, finding => finding.Severity == "error"), Programs = root.Programs, Libraries = root.Libraries };
    }

    static IEnumerable<FindingReport> Answers(ExaminedCommand command, DoctorHost host, string file)
    {
        const int most = 16 << 20;
        byte[] bytes;
        if (file == "-")
        {
            bytes = StandardStreams.ReadInput(most);
        }
        else
        {
            using SafeFileHandle handle = LinuxFile.Open(file, OpenFlags.ReadOnly);
            Errno errno = LinuxFile.TryReadAll(handle, out bytes);
            if (errno != Errno.None)
                throw new LinuxException("read", file, errno);
        }

        IReadOnlyList<Finding> answers = Explanation.Of(command, host, PathBytes.Decode(bytes));
        if (answers.Count == 0)
            throw new DecantException($"{(file == "-" ? "standard input" : PathBytes.Printable(file))} has no error message that decant knows", "name the command instead: decant doctor IMAGE -- COMMAND");
        return answers.Select(FindingReport.Of);
    }

    void WriteHtml(DoctorReport report, ExaminedCommand command, DoctorHost host)
    {
        List<(string, string)> pictures = [];
        foreach (LoadedProcess process in report.Command.Count > 0 ? Examination.Programs(command, host) : [])
            pictures.Add((process.Program.Path, LibraryTreeSvg.Render(process)));
        byte[] page = PathBytes.Encode(DoctorHtml.Render(report, pictures));
        using SafeFileHandle file = LinuxFile.Open(html!, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x1B6 /* 0666, and the umask */);
        Errno errno = LinuxFile.TryWrite(file, page);
        if (errno != Errno.None)
            throw new LinuxException("write", html, errno);
    }

    public static DoctorReport Diagnose(string image, LaunchSpec spec, LaunchPlan plan) =>
        DoctorReport.Of(image, plan, Diagnosis.Of(Examined(spec, plan), DoctorHost.Probe()));

    /// <summary>The command of a plan, with the root that it will see.</summary>
    /// <param name="environment">In place of the plan's.</param>
    public static ExaminedCommand Examined(LaunchSpec spec, LaunchPlan plan, LaunchEnvironment? environment = null)
    {
        string start = spec.WorkingDirectory ?? spec.Image.Config.WorkingDir;
        string[] own = spec.Kept is { } kept ? [kept.Upper, .. spec.Image.Layers] : [.. spec.Image.Layers];
        return new ExaminedCommand(new RootIndex(plan.View.As(plan.Credentials), own), environment ?? plan.Environment, start.Length > 0 ? start : "/", plan.Arguments)
        {
            UserId = plan.User.Uid,
            Job = spec.Mpi,
            GpuNodes = spec.DeviceFiles is null ? null : [.. spec.Devices.Select(device => device.Source)],
        };
    }
}
