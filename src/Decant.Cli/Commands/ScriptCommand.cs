using Decant.Launch;

namespace Decant.Cli;

/// <summary><c>decant script [options] IMAGE [-- CMD...]</c></summary>
sealed class ScriptCommand : StoreCommand
{
    readonly RunOptions run = new();
    CliOption[]? options;

    public override string Name => "script";

    public override string Summary => "Print a run as a shell script that needs no decant";

    public override CliOperand[] Operands => RunOptions.Operands;

    public override bool OptionsComeFirst => true;

    public override CliOption[] Options => options ??= run.Table();

    public override string[] Examples => ["decant script -v /data:/data debian -- sh -c 'ls /data' > run.sh"];

    public override bool Refuse(string option, string? value) => RefusedOptions.Refuse(option, value);

    protected override int Run(string[] operands, Configuration configuration)
    {
        if (run.KeepsWrites)
            throw LaunchPlan.CannotKeep();
        if (run.IsRank)
            throw LaunchPlan.CannotShare();
        LaunchSpec spec = run.ToSpec(configuration.OpenStore(), RunOptions.WithoutSeparator(operands), configuration, makeRun: false);
        using (spec.Kept)
            StandardStreams.Write(LaunchPlanner.Plan(spec, Host(configuration)).ToShell());
        return ExitCode.Success;
    }

    /// <summary>The script runs outside of the user namespace that owners are mapped in, and makes one like it.</summary>
    static LaunchHost Host(Configuration configuration)
    {
        LaunchHost host = LaunchHost.Probe();
        return configuration.Store.MapsOwners ? host with { IsRoot = false, Mapping = IdMapping.OfThisProcess() } : host;
    }
}
