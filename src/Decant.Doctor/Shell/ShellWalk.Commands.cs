using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Simple commands: variables, functions, and programs that are started.</summary>
sealed partial class ShellWalk
{
    /// <summary>More than any script that people write.</summary>
    public const int MostBytes = 512 << 10;

    const string Origin = "shell";

    /// <summary>Variables on which it depends what a program finds, by their beginnings.</summary>
    static readonly string[] decisive = ["PATH", "LD_", "PYTHON", "HOME", "OPAL_", "OMPI_", "PRTE_", "PMIX_", "UCX_", "UCC_", "FI_", "CUDA_", "TRITON_", "VIRTUAL_ENV", "LC_", "LANG", "LOCPATH", "TZ", "SSL_", "CURL_", "REQUESTS_", "BASH_ENV", "PERL"];

    ShellStatus Simple(ShellSimple node, ShellState state, ShellFate fate)
    {
        ShellExpansion expansion = new(command, state, isBash);
        List<string> words = [];
        bool isCut = false;
        if (node.Words is [var first, ..] && first.Plain is "export" or "readonly" or "local" or "declare" or "typeset" && ShellBuiltIns.Has(first.Plain, shell == "dash"))
            return Declare(node, state);
        // In "[[" nothing is split.
        bool isTest = isBash && node.Words is [var test, ..] && test.Plain == "[[";
        foreach (ShellTerm term in node.Words)
        {
            List<string>? fields = isTest ? expansion.Text(term) is { } text ? [text] : null : expansion.Fields(term);
            isCut = fields is null;
            if (fields is null)
                break;
            words.AddRange(fields);
        }

        if (words.Count == 0 && isCut)
        {
            Skip($"a command{Place(node.Line)} whose name is not known");
            state.Changes.MayHaveChanged = true;
            return ShellStatus.Unknown;
        }

        List<(string Name, string? Value)> assigned = [];
        foreach ((string name, ShellTerm? term) in node.Assignments)
        {
            string? value = term is null ? null : expansion.Text(term);
            if (words.Count == 0)
                state.Set(name, value);
            assigned.Add((name, value));
        }

        if (words.Count == 0)
            return node.Assignments.Any(one => one.Value?.Parts.Any(part => part.Kind == ShellPartKind.Command) != false) ? ShellStatus.Unknown : ShellStatus.Succeeds;
        if (state.Functions.TryGetValue(words[0], out ShellNode? body))
            return Call(words, isCut, body, state, fate, node.Line);
        if (ShellBuiltIns.Has(words[0], shell == "dash"))
            return BuiltIn(words, isCut, node, assigned, state, fate);
        return Start(words, isCut, assigned, state, fate, node.Line);
    }

    ShellStatus Call(List<string> words, bool isCut, ShellNode? body, ShellState state, ShellFate fate, int line)
    {
        if (body is null || depth >= MostDepth)
        {
            Skip($"the function {PathBytes.Printable(words[0])}{Place(line)}");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        IReadOnlyList<string>? before = state.Arguments;
        state.Arguments = isCut ? null : words[1..];
        depth++;
        ShellStatus status = Returned(Node(body, state, fate), state);
        depth--;
        state.Arguments = before;
        return status;
    }

    static ShellStatus Returned(ShellStatus status, ShellState state)
    {
        if (!state.HasReturned)
            return status;
        state.HasEnded = state.HasReturned = false;
        return state.LastStatus;
    }

    /// <summary>How bad it is that a command fails; null where nothing is to be said of it.</summary>
    static FindingSeverity? Severity(ShellState state, ShellFate fate)
    {
        if (state.IsLost || fate.IsCondition)
            return null;
        bool isFatal = (fate.IsLast || (fate.ErrExit && state.ErrExit)) && state.IsCertain && !state.Changes.MayHaveChanged && !state.Changes.MayTrap;
        FindingSeverity severity = isFatal ? FindingSeverity.Error : FindingSeverity.Warning;
        return severity < fate.Most ? severity : fate.Most;
    }

    /// <summary>Of a failure that ends the shell itself, whatever stands behind it.</summary>
    static ShellFate Ending(ShellFate fate) => fate.ExitFails ? fate with { IsLast = true, Most = FindingSeverity.Error, IsCondition = false } : fate.Passed;

    CommandStarter Starter(bool isExec) => new(shell, null) { IsExec = isExec };

    ShellStatus Start(List<string> words, bool isCut, IReadOnlyList<(string Name, string? Value)> assigned, ShellState state, ShellFate fate, int line, bool isExec = false)
    {
        string program = words[0];
        if (shell == "dash" && ShellBuiltIns.IsOfBash(program) && !IsOnPath(program, state))
            return NoBash(program, state, fate, line);
        LaunchEnvironment? environment = Environment(state, assigned, out string unknown);
        string? why = state.IsLost ? "what ran before it is not known" : environment is null ? $"{unknown} is not known there" : state.Directory is null ? "its directory is not known" : started.Count >= MostStarted ? "there are too many before it" : null;
        if (why is not null)
        {
            if (!fate.IsCondition)
                Skip($"{PathBytes.Printable(program)}{Place(line)}, as {why}");
        }
        else if (Severity(state, fate) is { } most)
        {
            // An option of which only a part is known is none.
            if (isCut && words.Skip(1).All(word => word.StartsWith('-')))
                words = [program];
            bool isWritten = words.Exists(word => state.Changes.Written.Contains(LinuxPath.Name(word)));
            if (most == FindingSeverity.Error && (isWritten || (isCut && CommandChain.IsMpiLauncher(LinuxPath.Name(program)))))
                most = FindingSeverity.Warning;
            started.Add(new ShellStarted(command.Inner(environment!, state.Directory!, words, Starter(isExec), isCut), most));
        }

        if (LinuxPath.Name(program) == "mkdir" && state.Directory is { } directory)
        {
            foreach (string made in words.Skip(1).Where(word => !word.StartsWith('-')))
                state.Changes.Made.Add(Absolute(made, directory));
        }

        state.Changes.MayHaveChanged |= !ShellBuiltIns.IsHarmless(program);
        return ShellStatus.Unknown;
    }

    bool IsOnPath(string program, ShellState state) =>
        (Path(state) ?? "").Split(':').Any(directory => command.View.Resolve($"{directory}/{program}").Exists);

    static string? Path(ShellState state) => state.Variables.TryGetValue("PATH", out (string? Value, bool IsExported) path) ? path.Value : null;

    ShellStatus NoBash(string program, ShellState state, ShellFate fate, int line)
    {
        if (Severity(state, fate) is { } severity)
        {
            findings.Add(new Finding
            {
                Id = "program-missing",
                Severity = severity,
                Cause = $"{program}{Place(line)} is a command of bash, and it is dash that runs it, which has no {program}",
                Message = $"{program}: not found",
                Fix = program == "source" ? "write . FILE in the place of source FILE, or run it with bash" : program == "[[" ? "write [ ... ] in the place of [[ ... ]], or run it with bash" : "run it with bash",
            });
        }

        return ShellStatus.Fails;
    }

    /// <summary>What a program gets; null where a variable is not known on which it depends what it finds.</summary>
    LaunchEnvironment? Environment(ShellState state, IReadOnlyList<(string Name, string? Value)> assigned, out string unknown)
    {
        LaunchEnvironment environment = command.Environment;
        unknown = "";
        Dictionary<string, (string? Value, bool IsExported)> variables = new(state.Variables, StringComparer.Ordinal);
        foreach ((string name, string? value) in assigned)
            variables[name] = (value, true);
        foreach (EnvironmentVariable variable in command.Environment.Variables)
        {
            if (ShellAssignment.IsName(variable.Name) && !(variables.TryGetValue(variable.Name, out (string? Value, bool IsExported) now) && now.IsExported))
                environment = environment.With(variable.Name, null, Origin);
        }

        foreach ((string name, (string? value, bool isExported)) in variables)
        {
            if (value is null && (isExported || name == "PATH") && Array.Exists(decisive, start => name.StartsWith(start, StringComparison.Ordinal)))
            {
                unknown = name;
                return null;
            }

            if (isExported && environment[name] != value)
                environment = environment.With(name, value, Origin);
        }

        return environment;
    }

    /// <summary>As a shell makes it of a relative path: from the text alone.</summary>
    static string Absolute(string path, string directory)
    {
        List<string> names = [];
        foreach (string name in (path.StartsWith('/') ? path : $"{directory}/{path}").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".." && names.Count > 0)
                names.RemoveAt(names.Count - 1);
            else if (name is not ("." or ".."))
                names.Add(name);
        }

        return "/" + string.Join('/', names);
    }

    /// <summary>A file of commands that this shell runs itself.</summary>
    ShellStatus Read(string path, ShellState state, ShellFate fate)
    {
        byte[]? bytes = null;
        try
        {
            if (depth < MostDepth && !ProgramCheck.IsLive(path))
                bytes = command.View.TryReadFile(path, MostBytes);
        }
        catch (DecantException)
        {
            // Too large, or closed.
        }

        if (bytes is null)
        {
            Skip($"{PathBytes.Printable(path)}, which cannot be read");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        string outer = file;
        file = path;
        depth++;
        ShellStatus status = Returned(Text(PathBytes.Decode(bytes), state, fate), state);
        depth--;
        file = outer;
        return status;
    }

    /// <summary>". FILE": where it is, by its path or by PATH.</summary>
    ShellStatus Source(List<string> words, bool isCut, ShellState state, ShellFate fate, int line)
    {
        if (words.Count < 2 || state.Directory is not { } directory)
        {
            Skip($"the file that is read{Place(line)}");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        string name = words[1];
        string[] places = name.Contains('/') ? [Absolute(name, directory)] : [.. (Path(state) ?? "").Split(':').Select(place => $"{place}/{name}"), .. isBash ? (string[])[Absolute(name, directory)] : []];
        string? found = Array.Find(places, place => ProgramCheck.IsLive(place) || command.View.Resolve(place) is { Exists: true, Status.IsRegular: true });
        if (found is not null)
        {
            IReadOnlyList<string>? before = state.Arguments;
            if (isBash && (isCut || words.Count > 2))
                state.Arguments = isCut ? null : words[2..];
            ShellStatus status = Read(found, state, fate);
            state.Arguments = before;
            return status;
        }

        RootEntry entry = command.View.Resolve(places[^1]);
        if (state.IsLost || state.Changes.MayHaveChanged || entry.Errno is not (Errno.ENOENT or Errno.ENOTDIR) || (!name.Contains('/') && Path(state) is null))
        {
            Skip($"{PathBytes.Printable(name)}, which is read{Place(line)} and is not there yet");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        if (Severity(state, isBash ? fate : Ending(fate)) is { } severity)
            findings.Add(NoSource(name, severity, line));
        // Bash goes on.
        state.HasEnded |= !isBash;
        return ShellStatus.Fails;
    }

    Finding NoSource(string name, FindingSeverity severity, int line)
    {
        string printable = PathBytes.Printable(name);
        return new Finding
        {
            Id = "script-missing",
            Severity = severity,
            Cause = $"{printable}, which the shell is to read{Place(line)}, is not in the image",
            Message = isBash ? $"{printable}: No such file or directory" : shell == "dash" ? name.Contains('/') ? $"cannot open {printable}: No such file" : $"{printable}: not found" : printable,
            Fix = "name a file of the image, or one that -v brings in",
        };
    }
}
