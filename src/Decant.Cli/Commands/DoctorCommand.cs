using Decant.Doctor;
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
            DoctorReport report = explain is not null
                ? Explain(operands[0], spec, explain)
                : spec.Command.Length > 0 || spec.Entrypoint is not null
                ? Diagnose(operands[0], spec, LaunchPlanner.Plan(spec, LaunchHost.Probe()))
                : Everything(operands[0], spec);
            if (json)
                JsonOutput.Write(report, ReportJson.Default.DoctorReport);
            else
                StandardStreams.Write(DoctorText.Render(report, Colours.OnOutput));
            return report.Healthy ? ExitCode.Success : ExitCode.ProblemsFound;
        }
    }

    /// <summary>The image's own command, where it has one, and every program and library.</summary>
    static DoctorReport Everything(string image, LaunchSpec spec)
    {
        bool hasCommand = spec.Image.Config.Cmd.Length + spec.Image.Config.Entrypoint.Length > 0;
        LaunchPlan plan = LaunchPlanner.Plan(hasCommand ? spec : spec with { Command = ["true"] }, LaunchHost.Probe());
        ExaminedCommand command = Examined(spec, plan);
        DoctorHost host = DoctorHost.Probe();
        Diagnosis diagnosis = hasCommand ? Diagnosis.Of(command, host) : new Diagnosis([], null, null);
        RootExamination root = RootExamination.Of(command, host);
        DoctorReport report = DoctorReport.Of(image, plan, diagnosis with { Findings = [.. diagnosis.Findings, .. root.Findings] });
        return report with { Command = hasCommand ? report.Command : [], Programs = root.Programs, Libraries = root.Libraries };
    }

    /// <summary>What the text says, and what is to say of the command where there is one.</summary>
    static DoctorReport Explain(string image, LaunchSpec spec, string file)
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

        bool hasCommand = spec.Command.Length > 0 || spec.Entrypoint is not null;
        LaunchPlan plan = LaunchPlanner.Plan(hasCommand ? spec : spec with { Command = ["true"] }, LaunchHost.Probe());
        ExaminedCommand command = Examined(spec, plan);
        IReadOnlyList<Finding> answers = Explanation.Of(command, PathBytes.Decode(bytes));
        if (answers.Count == 0)
            throw new DecantException($"{(file == "-" ? "standard input" : PathBytes.Printable(file))} has no error message that decant knows", "name the command instead: decant doctor IMAGE -- COMMAND");
        Diagnosis diagnosis = hasCommand ? Diagnosis.Of(command, DoctorHost.Probe()) : new Diagnosis([], null, null);
        DoctorReport report = DoctorReport.Of(image, plan, diagnosis with { Findings = [.. answers, .. diagnosis.Findings] });
        return report with { Explained = true, Command = hasCommand ? report.Command : [] };
    }

    public static DoctorReport Diagnose(string image, LaunchSpec spec, LaunchPlan plan) =>
        DoctorReport.Of(image, plan, Diagnosis.Of(Examined(spec, plan), DoctorHost.Probe()));

    /// <summary>The command of a plan, with the root that it will see.</summary>
    public static ExaminedCommand Examined(LaunchSpec spec, LaunchPlan plan)
    {
        string start = spec.WorkingDirectory ?? spec.Image.Config.WorkingDir;
        string[] own = spec.Kept is { } kept ? [kept.Upper, .. spec.Image.Layers] : [.. spec.Image.Layers];
        return new ExaminedCommand(new RootIndex(plan.View, own), plan.Environment, start.Length > 0 ? start : "/", plan.Arguments);
    }
}
