using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant run [options] IMAGE [CMD...]</c></summary>
sealed class RunCommand : StoreCommand
{
    readonly RunOptions run = new();
    CliOption[]? options;
    bool dryRun;
    bool noFix;
    bool json;

    public override string Name => "run";

    public override string Summary => "Run a program from an image, natively";

    public override CliOperand[] Operands => RunOptions.Operands;

    public override bool OptionsComeFirst => true;

    public override CliOption[] Options => options ??=
    [
        .. run.Table(),
        CliOption.Flag("no-fix", '\0', OptionTopic.Output, "Do not change what doctor would", on => noFix = on),
        CliOption.Flag("dry-run", '\0', OptionTopic.Output, "Say what would be done, step by step", on => dryRun = on),
        CliOption.Flag("json", '\0', OptionTopic.Output, "With --dry-run: as JSON (docs/json.md)", on => json = on),
    ];

    public override string[] Examples =>
    [
        "decant run docker-archive:debian.tar sh -c 'echo hello'",
        "decant run -it -v \"$PWD:/work\" -w /work debian bash",
        "decant run --gpus all --shm-size 16g train python train.py",
        "decant run --dry-run rootfs:./root /bin/true",
    ];

    public override bool Refuse(string option, string? value) => RefusedOptions.Refuse(option, value);

    protected override int Run(string[] operands, Configuration configuration)
    {
        if (json && !dryRun)
            throw new DecantException("--json describes the plan and needs --dry-run; the program's output is its own", "decant run --dry-run --json ...");
        ImageStore store = configuration.OpenStore();
        LaunchSpec spec = run.ToSpec(store, operands, configuration, makeRun: !dryRun);
        int code;
        using (spec.Kept)
        {
            LaunchPlan plan = PlanOrForget(spec, store);
            LaunchAdvice? advice = noFix ? null : LaunchAdvice.Of(spec, plan, store);
            if (advice is not null && advice.Apply(spec) is { } advised && !ReferenceEquals(advised, spec))
            {
                StandardStreams.WriteError(advice.Describe(plan.Environment));
                spec = advised;
                plan = PlanOrForget(spec, store);
            }

            if ((Refusal(spec, plan) ?? Unfit(spec, plan, advice) ?? LoneRank(advice, spec, plan)) is { } refusal)
            {
                Forget(spec, store);
                throw refusal;
            }

            if (dryRun)
                return Explain(plan);
            foreach (string note in plan.Notes)
                StandardStreams.WriteError($"decant: left out: {note}\n");
            if (plan.Mapping is { ByHelper: true })
                spec.Kept?.MarkMapped();
            try
            {
                code = Launcher.Run(plan);
            }
            catch (LaunchException e) when (advice is { ExpectsFailure: true })
            {
                code = ExitCode.Report(e);
            }

            if (advice is { ExpectsFailure: true } && code != 0)
                StandardStreams.WriteError(DoctorText.Under(DoctorCommand.Diagnose(operands[0], spec, plan)));
        }

        run.RemoveIfAsked(store);
        return code;
    }

    /// <summary>A launch that is refused leaves no run of the name that it was to have.</summary>
    static LaunchPlan PlanOrForget(LaunchSpec spec, ImageStore store)
    {
        try
        {
            return LaunchPlanner.Plan(spec, LaunchHost.Probe());
        }
        catch (DecantException)
        {
            Forget(spec, store);
            throw;
        }
    }

    static void Forget(LaunchSpec spec, ImageStore store)
    {
        if (spec.Kept is not { IsNew: true } made)
            return;
        made.Dispose();
        store.RemoveRun(made.Name, MappedTree.TakeOver);
    }

    /// <summary>As an engine with NVIDIA's hook refuses <c>--gpus</c>; devices by name are no one's to refuse.</summary>
    static DecantException? Refusal(LaunchSpec spec, LaunchPlan plan) =>
        spec.DeviceFiles is not null && plan.Environment.Variables.Any(variable => variable.Name.StartsWith("NVIDIA_REQUIRE_", StringComparison.Ordinal))
            ? CudaRequirementCheck.Refusal(plan.Environment, DoctorHost.Probe(), [.. spec.Devices.Select(device => device.Source)])
            : null;

    /// <summary>Why the program cannot start with what devices bring. What doctor has found to start needs no second look.</summary>
    static DecantException? Unfit(LaunchSpec spec, LaunchPlan plan, LaunchAdvice? advice)
    {
        if (advice is { WasAsked: true, ExpectsFailure: false })
            return null;
        List<(string Path, string Option)> brought = [];
        if (spec.DeviceFiles is { } files)
            brought.AddRange(files.Libraries.Concat(files.Programs).Select(file => (file.Source, files.Text)));
        if (spec.DeviceEdits is { } edits)
            brought.AddRange(edits.Mounts.Where(mount => mount.Source is not null).Select(mount => (mount.Source!, edits.Text)));
        return brought.Count == 0 ? null : BroughtFileCheck.Refusal(DoctorCommand.Examined(spec, plan), DoctorHost.Probe(), brought);
    }

    /// <summary>
    /// Ranks that do not find each other would each do all of the work, and write over each other's results. Of a directory of the host
    /// no advice is kept, so it is looked into each time.
    /// </summary>
    static DecantException? LoneRank(LaunchAdvice? advice, LaunchSpec spec, LaunchPlan plan)
    {
        bool mayBe = spec.Mpi is not null && advice is not null && (advice.ExpectsFailure || spec.Image.Flatten is null);
        return mayBe && Foreign(spec, plan) is { } finding
            ? new DecantException(finding.Cause, $"{finding.Fix}; --no-fix starts it all the same")
            : null;
    }

    static Finding? Foreign(LaunchSpec spec, LaunchPlan plan)
    {
        try
        {
            return Examination.Examine(DoctorCommand.Examined(spec, plan), DoctorHost.Probe()).FirstOrDefault(finding => finding.Id == MpiJobCheck.Foreign);
        }
        catch (DecantException)
        {
            // What doctor cannot look into may run all the same.
            return null;
        }
    }

    int Explain(LaunchPlan plan)
    {
        if (json)
            JsonOutput.Write(PlanReport.Of(plan), ReportJson.Default.PlanReport);
        else
            StandardStreams.Write(plan.Explain());
        return ExitCode.Success;
    }
}
