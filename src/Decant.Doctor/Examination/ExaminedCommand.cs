using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A command as it would run: in a root, with an environment, from a directory. Nothing is started.</summary>
public sealed class ExaminedCommand
{
    /// <param name="root">Shared by all commands of the same root.</param>
    /// <param name="environment">That the command finds.</param>
    /// <param name="workingDirectory">Absolute, in the root.</param>
    /// <param name="arguments">The program and what it is given; at least one.</param>
    public ExaminedCommand(RootIndex root, LaunchEnvironment environment, string workingDirectory, IReadOnlyList<string> arguments)
    {
        Root = root;
        Environment = environment;
        WorkingDirectory = workingDirectory;
        Arguments = arguments;
        Programs = new ImagePrograms(root.View, environment, workingDirectory, root.Files);
    }

    public RootIndex Root { get; }

    public RootView View => Root.View;

    public LaunchEnvironment Environment { get; }

    public string WorkingDirectory { get; }

    public IReadOnlyList<string> Arguments { get; }

    public ImagePrograms Programs { get; }

    /// <summary>Whom the program sees itself as; null where that is not known.</summary>
    public uint? UserId { get; init; }

    /// <summary>Device nodes of the GPUs that the run is given with the host's driver (<c>--gpus</c>); null where it is not.</summary>
    public IReadOnlyList<string>? GpuNodes { get; init; }

    /// <summary>The job of the host's launcher that it is a rank of; null for a command by itself.</summary>
    public MpiJob? Job { get; init; }

    /// <summary>The directories of the root in which a program of this name can be started, those with links that lead nowhere left out.</summary>
    public IEnumerable<string> ProgramDirectories(string name)
    {
        foreach (string directory in Root.ProgramDirectories(name))
        {
            // Elsewhere lie links of update-alternatives(1), plugins and examples.
            if (!directory.EndsWith("/bin", StringComparison.Ordinal) && !directory.EndsWith("/sbin", StringComparison.Ordinal))
                continue;
            RootEntry entry = View.Resolve($"{directory}/{name}");
            if (entry.Exists && entry.Status.IsRegular && View.May(entry, FileAccessModes.Execute))
                yield return directory;
        }
    }

    /// <summary>The same root and directory, another program and its arguments.</summary>
    public ExaminedCommand Running(IReadOnlyList<string> arguments) => Changed(Environment, WorkingDirectory, arguments, Starter);

    /// <summary>What another command starts.</summary>
    /// <param name="starter">That command.</param>
    internal ExaminedCommand Inner(LaunchEnvironment environment, string workingDirectory, IReadOnlyList<string> arguments, CommandStarter starter) =>
        Changed(environment, workingDirectory, arguments, starter);

    /// <summary>Who starts it, in whose words a failure to do so is told; null for decant itself.</summary>
    internal CommandStarter? Starter
    {
        get;
        private init
        {
            field = value;
            Programs.TakesFirst = value?.Name == "bash";
        }
    }

    /// <summary>The same command with another environment.</summary>
    public ExaminedCommand With(IEnumerable<EnvironmentChange> changes)
    {
        LaunchEnvironment changed = Environment;
        foreach (EnvironmentChange change in changes)
            changed = changed.With(change.Name, change.Value, "prescription");
        return Changed(changed, WorkingDirectory, Arguments, Starter);
    }

    ExaminedCommand Changed(LaunchEnvironment environment, string workingDirectory, IReadOnlyList<string> arguments, CommandStarter? starter) =>
        new(Root, environment, workingDirectory, arguments) { UserId = UserId, GpuNodes = GpuNodes, Job = Job, Starter = starter };
}
