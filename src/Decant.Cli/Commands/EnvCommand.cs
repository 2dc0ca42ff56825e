using System.Text;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant env [options] IMAGE</c></summary>
sealed class EnvCommand : StoreCommand
{
    readonly RunOptions run = new();
    CliOption[]? options;
    bool json;

    public override string Name => "env";

    public override string Summary => "Show the environment that a run gets, and where each value is from";

    public override CliOperand[] Operands => [new("IMAGE", ValueHint.Images)];

    public override CliOption[] Options => options ??= [.. run.Table(), JsonOption.Create(on => json = on)];

    public override string[] Examples => ["decant env -e OMP_NUM_THREADS=4 --env-file site.env debian"];

    public override bool Refuse(string option, string? value) => RefusedOptions.Refuse(option, value);

    protected override int Run(string[] operands, Configuration configuration)
    {
        LaunchSpec spec = run.ToSpec(configuration.OpenStore(), operands, configuration, makeRun: false);
        using (spec.Kept)
        {
            LaunchEnvironment environment = LaunchPlanner.PlanEnvironment(spec, LaunchHost.Probe());
            if (json)
                JsonOutput.Write(EnvReport.Of(environment), ReportJson.Default.EnvReport);
            else
                StandardStreams.Write(Render(environment));
            return ExitCode.Success;
        }
    }

    static string Render(LaunchEnvironment environment)
    {
        TextTable table = new("VARIABLE", "FROM");
        StringBuilder lines = new();
        foreach (EnvironmentVariable variable in environment.Variables)
        {
            string assignment = PathBytes.Printable($"{variable.Name}={variable.Value}");
            table.Add(assignment, PathBytes.Printable(variable.Origin));
            lines.Append(assignment).Append('\t').Append(PathBytes.Printable(variable.Origin)).Append('\n');
        }

        return StandardStreams.OutputIsTerminal ? table.Render(Colours.OnOutput) : lines.ToString();
    }
}
