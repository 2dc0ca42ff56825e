using System.Buffers;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A command that starts another: env, nice, timeout, mpirun and their like say so on their command lines, and so does a shell that is
/// given a simple command.
/// </summary>
static class CommandChain
{
    /// <summary>Characters that mean something to a shell.</summary>
    static readonly SearchValues<char> Expanded = SearchValues.Create("|&;<>()$`\\\"'*?[]#~=%{}!\n");

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

    /// <summary>Builtins and keywords of sh and bash that are no programs, or mean another than the program of the name.</summary>
    static readonly HashSet<string> ShellWords = new(StringComparer.Ordinal)
    {
        ".", ":", "alias", "bg", "bind", "break", "builtin", "caller", "case", "cd", "command", "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs", "disown",
        "do", "done", "echo", "elif", "else", "enable", "esac", "eval", "exit", "export", "false", "fc", "fg", "fi", "for", "function", "getopts", "hash", "help", "history", "if",
        "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt", "source",
        "suspend", "test", "then", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "wait", "while",
    };

    /// <summary>The command that another starts, with the environment that it gives it; null where it starts none, or none that its arguments tell.</summary>
    public static ExaminedCommand? Inner(ExaminedCommand command)
    {
        string name = command.Arguments[0];
        name = LinuxPath.Name(name);
        List<string> rest = [.. command.Arguments.Skip(1)];
        List<EnvironmentChange> changes = [];
        if (!TakeOptions(name, rest, changes) || rest.Count == 0)
            return null;
        if (Kind(name) is OuterCommand.Mpi or OuterCommand.Placing && !PassValues(command, name, rest, changes))
            return null;
        return command.With(changes).Running(rest);
    }

    /// <summary>
    /// Launchers have hundreds of options, and of those that are not known here some take a value: a word behind one that is no program is such a value.
    /// False where nothing is left.
    /// </summary>
    static bool PassValues(ExaminedCommand command, string name, List<string> rest, List<EnvironmentChange> changes)
    {
        while (rest.Count > 0 && !IsProgram(command, rest[0]))
        {
            string before = command.Arguments[IndexOf(command.Arguments, rest) - 1];
            if (!before.StartsWith('-') || Flags.Contains(before.TrimStart('-')))
                return true;
            rest.RemoveAt(0);
            if (rest.Count > 0)
                TakeOptions(name, rest, changes);
        }

        return rest.Count > 0;
    }

    /// <summary>Where the words stand among the arguments; behind the first.</summary>
    static int IndexOf(IReadOnlyList<string> arguments, List<string> words)
    {
        int at = 1;
        while (!arguments.Skip(at).Take(words.Count).SequenceEqual(words))
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
    static bool TakeOptions(string name, List<string> rest, List<EnvironmentChange> changes)
    {
        switch (Kind(name))
        {
            case OuterCommand.Env:
                return TakeEnv(rest, changes);
            case OuterCommand.Plain:
                Skip(rest, withValue: []);
                return true;
            case OuterCommand.Placing:
                Skip(rest, withValue: ["-n", "--adjustment", "-c", "--cpu-list", "-p", "-N", "-m", "-C", "-i", "-o", "-e"]);
                // taskset and chrt take their number without an option too.
                if (name is "taskset" or "chrt" && rest.Count > 1 && rest[0].All(c => char.IsAsciiHexDigit(c) || c is 'x' or ',' or '-'))
                    rest.RemoveAt(0);
                return true;
            case OuterCommand.Timeout:
                Skip(rest, withValue: ["-k", "--kill-after", "-s", "--signal"]);
                if (rest.Count > 0)
                    rest.RemoveAt(0);
                return true;
            case OuterCommand.Mpi:
                return TakeMpi(rest, changes);
            case OuterCommand.Shell:
                return TakeShell(rest);
            default:
                return false;
        }
    }

    static OuterCommand Kind(string name) => name switch
    {
        "env" => OuterCommand.Env,
        "nohup" or "setsid" or "exec" or "tini" or "dumb-init" or "catatonit" => OuterCommand.Plain,
        "nice" or "ionice" or "taskset" or "numactl" or "stdbuf" or "chrt" => OuterCommand.Placing,
        "timeout" => OuterCommand.Timeout,
        "mpirun" or "mpiexec" or "orterun" or "prterun" or "oshrun" or "mpiexec.hydra" or "mpiexec.mpich" or "mpirun.mpich" or "mpirun.openmpi" or "mpiexec.openmpi" => OuterCommand.Mpi,
        "sh" or "bash" or "dash" or "ash" or "zsh" => OuterCommand.Shell,
        _ => OuterCommand.None,
    };

    static bool TakeEnv(List<string> rest, List<EnvironmentChange> changes)
    {
        while (rest.Count > 0)
        {
            string word = rest[0];
            int equals = word.IndexOf('=');
            if (word is "-u" or "--unset" && rest.Count > 1)
            {
                changes.Add(new EnvironmentChange(rest[1], null, "env"));
                rest.RemoveAt(0);
            }
            else if (word.StartsWith('-') || equals <= 0)
            {
                // -i, -S and -C change too much to follow.
                return !word.StartsWith('-');
            }
            else
            {
                changes.Add(new EnvironmentChange(word[..equals], word[(equals + 1)..], "env"));
            }

            rest.RemoveAt(0);
        }

        return false;
    }

    /// <summary>Options of Open MPI's and MPICH's launchers (mpirun(1), mpiexec(1)); colons divide applications, of which the first is followed.</summary>
    static bool TakeMpi(List<string> rest, List<EnvironmentChange> changes)
    {
        while (rest.Count > 0 && rest[0].StartsWith('-'))
        {
            int values = Values(rest[0]);
            if (rest[0] is "-x" && rest.Count > 1 && rest[1].IndexOf('=') is > 0 and int equals)
                changes.Add(new EnvironmentChange(rest[1][..equals], rest[1][(equals + 1)..], "mpirun -x"));
            if (rest[0] is "-genv" or "-env" && rest.Count > 2)
                changes.Add(new EnvironmentChange(rest[1], rest[2], "mpiexec -env"));
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
                or "am" or "app" or "s" or "preload-files" or "stdin" or "genvlist" or "envlist" => 1,
            _ => 0,
        };
    }

    /// <summary>Only words: what a shell would expand, join or redirect is not followed.</summary>
    static bool TakeShell(List<string> rest)
    {
        if (rest.Count < 2 || rest[0] is not ("-c" or "-lc" or "-ec" or "-xc" or "-euc"))
            return false;
        string text = rest[1].Trim();
        if (text.StartsWith("exec ", StringComparison.Ordinal))
            text = text["exec ".Length..];
        if (text.AsSpan().ContainsAny(Expanded))
            return false;
        string[] words = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        rest.Clear();
        rest.AddRange(words);
        return words.Length > 0 && !ShellWords.Contains(words[0]);
    }

    static void Skip(List<string> rest, ReadOnlySpan<string> withValue)
    {
        while (rest.Count > 0 && rest[0].StartsWith('-'))
        {
            bool hasValue = withValue.Contains(rest[0]) && rest.Count > 1;
            bool ends = rest[0] == "--";
            rest.RemoveRange(0, hasValue ? 2 : 1);
            if (ends)
                return;
        }
    }

    enum OuterCommand
    {
        None,
        Env,
        Plain,
        Placing,
        Timeout,
        Mpi,
        Shell,
    }
}
