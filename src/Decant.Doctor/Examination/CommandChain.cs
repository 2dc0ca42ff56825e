using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A command that starts another: env, nice, timeout, mpirun and their like say so on their command lines, and so does a shell that is
/// given a simple command.
/// </summary>
static class CommandChain
{
    /// <summary>Whether a program of this name starts others that its arguments name.</summary>
    public static bool IsOuter(string name) => Kind(name) != OuterCommand.None;

    /// <summary>Whether it starts the ranks of a program.</summary>
    public static bool IsMpiLauncher(string name) => Kind(name) == OuterCommand.Mpi;

    /// <summary>Options of launchers that take no value, without their dashes.</summary>
    static readonly HashSet<string> Flags = new(StringComparer.Ordinal)
    {
        "allow-run-as-root", "bynode", "byslot", "display-allocation", "display-map", "do-not-launch", "l", "localalloc", "nolocal", "nooversubscribe", "oversubscribe", "p", "prepend-rank", "q",
        "quiet", "report-bindings", "tag-output", "use-hwthread-cpus", "v", "verbose", "xml",
    };

    /// <summary>The command that another starts, with the environment and directory that it gives it; null where it starts none, or none that its arguments tell.</summary>
    /// <param name="program">What of it was found: a script's "#!" line may lead to a program that starts another; null for the arguments alone.</param>
    public static ExaminedCommand? Inner(ExaminedCommand command, FoundProgram? program = null)
    {
        string name = LinuxPath.Name(command.Arguments[0]);
        IEnumerable<string> words = command.Arguments.Skip(1);
        ScriptLine? script = null;
        if (program is { Scripts: [.., var line] })
        {
            name = LinuxPath.Name(program.Path);
            words = program.ArgumentsOf(command.Arguments);
            script = line;
        }

        StartedCommand started = new(command.Environment, command.WorkingDirectory, words);
        if (!TakeOptions(command, name, started) || started.Words.Count == 0)
            return null;
        // All options of these are known.
        if (Kind(name) is OuterCommand.Mpi or OuterCommand.Placing && name is not ("nice" or "stdbuf") && !PassValues(command, name, started))
            return null;
        if (Kind(name) == OuterCommand.Mpi && OpenMpiSearch.Find(command, RealName(command, name), started) is { } path)
            started.Words[0] = path;
        return command.Inner(started.Environment, started.WorkingDirectory, started.Words, new CommandStarter(RealName(command, name), script));
    }

    /// <summary>All that a command starts: a launcher of MPI starts several programs, which colons divide.</summary>
    /// <param name="program">As of <see cref="Inner"/>.</param>
    public static IReadOnlyList<ExaminedCommand> InnerAll(ExaminedCommand command, FoundProgram? program) =>
        IsMpiLauncher(LinuxPath.Name(command.Arguments[0])) ? [.. MpiApplication.Of(command).Select(application => application.Inner).OfType<ExaminedCommand>()]
        : Inner(command, program) is { } inner ? [inner] : [];

    /// <summary>Of the program itself: /bin/sh is mostly another shell by this name.</summary>
    static string RealName(ExaminedCommand command, string name)
    {
        try
        {
            return LinuxPath.Name(command.View.Resolve(command.Programs.FindExecuted(command.Arguments[0]).Path).Path);
        }
        catch (DecantException)
        {
            return name;
        }
    }

    /// <summary>
    /// Launchers have hundreds of options, and of those that are not known here some take a value: a word behind one that is no program is such a value.
    /// False where nothing is left.
    /// </summary>
    static bool PassValues(ExaminedCommand command, string name, StartedCommand started)
    {
        while (started.Words.Count > 0 && !IsProgram(command, started.Words[0]) && !(Kind(name) == OuterCommand.Mpi && OpenMpiSearch.Find(command, RealName(command, name), started) is not null))
        {
            string before = command.Arguments[IndexOf(command.Arguments, started.Words) - 1];
            if (!before.StartsWith('-') || Flags.Contains(before.TrimStart('-')))
                return true;
            started.Take();
            if (started.Words.Count > 0)
                TakeOptions(command, name, started);
        }

        return started.Words.Count > 0;
    }

    /// <summary>Where the words stand among the arguments; behind the first.</summary>
    static int IndexOf(IReadOnlyList<string> arguments, List<string> words)
    {
        int at = 1;
        while (at < arguments.Count && !arguments.Skip(at).Take(words.Count).SequenceEqual(words))
            at++;
        return at;
    }

    static bool IsProgram(ExaminedCommand command, string word)
    {
        try
        {
            command.Programs.Find(word);
            return true;
        }
        catch (ProgramException)
        {
            return false;
        }
    }

    /// <summary>Takes off what belongs to the outer command; false where it starts none.</summary>
    static bool TakeOptions(ExaminedCommand command, string name, StartedCommand started)
    {
        List<string> words = started.Words;
        switch (Kind(name))
        {
            case OuterCommand.Env:
                return EnvCommand.Take(started);
            case OuterCommand.Plain:
                started.SkipOptions();
                return true;
            case OuterCommand.Time:
                started.SkipOptions("-f", "--format", "-o", "--output");
                return true;
            case OuterCommand.Placing:
                started.SkipOptions("-n", "--adjustment", "-c", "--cpu-list", "-p", "-N", "-m", "-C", "-i", "-o", "-e", "--input", "--output", "--error");
                // taskset and chrt take their number without an option too.
                if (name is "taskset" or "chrt" && words.Count > 1 && words[0].All(c => char.IsAsciiHexDigit(c) || c is 'x' or ',' or '-'))
                    started.Take();
                if (name == "stdbuf" && Buffering(command) is { } library)
                    started.Set("LD_PRELOAD", started.Environment["LD_PRELOAD"] is { Length: > 0 } own ? $"{own}:{library}" : library, "stdbuf");
                return true;
            case OuterCommand.Timeout:
                started.SkipOptions("-k", "--kill-after", "-s", "--signal");
                if (words.Count > 0)
                    started.Take();
                return true;
            case OuterCommand.Arguments:
                return TakeXargs(started);
            case OuterCommand.Mpi:
                return TakeMpi(started);
            case OuterCommand.Shell:
                return ShellCommand.Take(started, path => command.View.Resolve(path) is { Exists: true, Status.IsRegular: true });
            default:
                return false;
        }
    }

    static OuterCommand Kind(string name) => name switch
    {
        "env" => OuterCommand.Env,
        "nohup" or "setsid" or "exec" or "tini" or "dumb-init" or "catatonit" => OuterCommand.Plain,
        "time" => OuterCommand.Time,
        "nice" or "ionice" or "taskset" or "numactl" or "stdbuf" or "chrt" => OuterCommand.Placing,
        "timeout" => OuterCommand.Timeout,
        "xargs" => OuterCommand.Arguments,
        "mpirun" or "mpiexec" or "orterun" or "prterun" or "oshrun" or "mpiexec.hydra" or "mpiexec.mpich" or "mpirun.mpich" or "mpirun.openmpi" or "mpiexec.openmpi" => OuterCommand.Mpi,
        "sh" or "bash" or "dash" or "ash" or "zsh" => OuterCommand.Shell,
        _ => OuterCommand.None,
    };

    /// <summary>What stdbuf(1) has the program load first (src/stdbuf.c of coreutils, set_LD_PRELOAD); null where it is not found.</summary>
    static string? Buffering(ExaminedCommand command)
    {
        string[] places = ["/usr/libexec/coreutils/libstdbuf.so", "/usr/lib/coreutils/libstdbuf.so", "/usr/libexec/coreutils/libstdbuf.so.single"];
        return Array.Find(places, place => command.View.Resolve(place) is { Exists: true, Status.IsRegular: true });
    }

    /// <summary>xargs(1) of GNU findutils and BusyBox. With an option by which nothing is started where the input is empty, nothing is sure.</summary>
    static bool TakeXargs(StartedCommand started)
    {
        while (started.Words.Count > 0 && started.Words[0].Length > 1 && started.Words[0][0] == '-')
        {
            string option = started.Take();
            if (option == "--")
                break;
            if (option.StartsWith("-r", StringComparison.Ordinal) || option.StartsWith("-I", StringComparison.Ordinal) || option.StartsWith("-i", StringComparison.Ordinal)
                || option.StartsWith("--no-run", StringComparison.Ordinal) || option.StartsWith("--replace", StringComparison.Ordinal))
                return false;
            bool hasValue = option is "-a" or "-d" or "-E" or "-L" or "-n" or "-P" or "-s" or "--arg-file" or "--delimiter" or "--max-args" or "--max-procs" or "--max-chars" or "--process-slot-var";
            if (hasValue && started.Words.Count > 0)
                started.Take();
        }

        return started.Words.Count > 0;
    }

    /// <summary>Options of Open MPI's and MPICH's launchers (mpirun(1), mpiexec(1)); the first of the programs that colons divide.</summary>
    static bool TakeMpi(StartedCommand started)
    {
        List<string> rest = started.Words;
        while (rest.Count > 0 && rest[0].StartsWith('-'))
        {
            int values = Values(rest[0]);
            if (rest[0] is "-x" && rest.Count > 1 && rest[1].IndexOf('=') is > 0 and int equals)
                started.Set(rest[1][..equals], rest[1][(equals + 1)..], "mpirun -x");
            if (rest[0] is "-genv" or "-env" && rest.Count > 2)
                started.Set(rest[1], rest[2], "mpiexec -env");
            if (rest[0].TrimStart('-') is "wdir" or "wd" && rest.Count > 1)
                started.Enter(rest[1]);
            if (rest[0].TrimStart('-') is "path" && rest.Count > 1)
                started.SearchPath = rest[1];
            rest.RemoveRange(0, Math.Min(1 + values, rest.Count));
        }

        int colon = rest.IndexOf(":");
        if (colon >= 0)
            rest.RemoveRange(colon, rest.Count - colon);
        return true;

        static int Values(string option) => option.TrimStart('-') switch
        {
            "mca" or "gmca" or "genv" or "env" or "prtemca" or "pmixmca" or "omca" or "tune" when !option.Contains('=') => option.EndsWith("tune", StringComparison.Ordinal) ? 1 : 2,
            "n" or "np" or "c" or "H" or "host" or "hostfile" or "machinefile" or "f" or "x" or "wdir" or "wd" or "path" or "prefix" or "map-by" or "bind-to" or "rank-by"
                or "npernode" or "N" or "ppn" or "perhost" or "output" or "output-filename" or "timeout" or "launcher" or "iface" or "bootstrap" or "rmk" or "hosts" or "cpu-set"
                or "am" or "app" or "default-hostfile" or "rankfile" or "rf" or "s" or "preload-files" or "stdin" or "genvlist" or "envlist" => 1,
            _ => 0,
        };
    }

    enum OuterCommand
    {
        None,
        Env,
        Plain,
        Time,
        Placing,
        Timeout,
        Arguments,
        Mpi,
        Shell,
    }
}
