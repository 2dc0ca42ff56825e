using System.Collections.Immutable;
using System.Text;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>The same launch as a plain shell script, as <c>decant script</c> prints it: unshare, mount, chroot.</summary>
sealed class ChrootEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    EnvironmentSetup? setup;
    ImmutableArray<string> written;
    ImmutableArray<string> layers = [];

    public override string? Launcher => "sh";

    public override void Prepare(EnvironmentSetup setup)
    {
        this.setup = setup;
        layers = setup.Open(Spec.Image).Layers;
        HostCommand.Run([setup.Decant, "env", .. Spec.Options, Spec.Image], $"look up {Name}");
    }

    public override ImmutableSortedDictionary<string, string> Facts => LayerFacts(layers);

    public override IEnumerable<FileClass> Files(ObservedProcess? observed) => layers.Where(layer => layer != "/").Select(layer => new FileClass(OverlayFiles.ImageLayers, layer, SeenAs: ""));

    string Script => $"{setup!.Directory}/{Name}.sh";

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup)
    {
        if (written.IsDefault || !written.SequenceEqual(command))
            Write(command);
        return ["sh", Script];
    }

    void Write(ImmutableArray<string> command)
    {
        ChildProgram script = ChildProgram.TryRun([setup!.Decant, "script", .. Spec.Options, Spec.Image, "--", .. command], [])
            ?? throw new DecantException($"{Name}: {setup.Decant} cannot be started");
        if (script.ExitCode != 0)
            throw new DecantException($"{Name}: decant script ended with code {script.ExitCode}: {Encoding.UTF8.GetString(script.Output)}");
        File.WriteAllBytes(Script, script.Output);
        written = command;
    }
}
