using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What commands in "$(...)" print, where that can be worked out: those by which scripts find their own directory and user.</summary>
sealed class ShellOutput(ExaminedCommand command, ShellState state, bool isBash)
{
    /// <summary>Null where it is not known.</summary>
    public string? Of(string text)
    {
        if (ShellParser.Parse(text, isBash, out _) is not { Items: [{ IsAsynchronous: false } only] } || only.IsOr.Contains(true) || state.IsLost)
            return null;
        ShellState inner = state.Copy();
        string? printed = null;
        foreach (ShellPipeline pipeline in only.Pipelines)
        {
            if (pipeline is not { IsNegated: false, Commands: [ShellSimple { Assignments.Count: 0 } simple] } || Words(simple, inner) is not { Count: > 0 } words || inner.Functions.ContainsKey(words[0]) || printed is not null)
                return null;
            words.RemoveAll(word => word == "--");
            if (words is ["cd", var to] && Directory(to, inner) is { } directory)
            {
                inner.Directory = directory;
                continue;
            }

            printed = Printed(words, inner)?.TrimEnd('\n');
            if (printed is null)
                return null;
        }

        return printed;
    }

    List<string>? Words(ShellSimple simple, ShellState inner)
    {
        ShellExpansion expansion = new(command, inner, isBash);
        List<string> words = [];
        foreach (ShellTerm term in simple.Words)
        {
            if (expansion.Fields(term) is not { } fields)
                return null;
            words.AddRange(fields);
        }

        return words;
    }

    string? Printed(List<string> words, ShellState inner) => words switch
    {
        ["pwd"] or ["pwd", "-P" or "-L"] => inner.Directory,
        ["id", "-u"] => command.UserId?.ToString(),
        ["dirname", var path] => Parent(path),
        ["basename", var path] when path.Trim('/').Length > 0 => LinuxPath.Name(path.TrimEnd('/')),
        ["realpath", var path] when inner.Directory is { } directory && !state.Changes.MayHaveChanged => Real(path, directory),
        ["readlink", "-f" or "-e", var path] when inner.Directory is { } directory && !state.Changes.MayHaveChanged => Real(path, directory),
        ["echo", .. var rest] when !rest.Exists(word => word.StartsWith('-') || word.Contains('\\')) => string.Join(' ', rest),
        ["printf", "%s", var value] => value,
        _ => null,
    };

    string? Real(string path, string directory)
    {
        string full = path.StartsWith('/') ? path : $"{directory.TrimEnd('/')}/{path}";
        return command.View.Resolve(full) is { Exists: true } entry && !ProgramCheck.IsLive(full) ? entry.Path : null;
    }

    string? Directory(string to, ShellState inner)
    {
        string? full = to.StartsWith('/') ? to : inner.Directory is { } directory ? $"{directory.TrimEnd('/')}/{to}" : null;
        return full is not null && command.View.Resolve(full) is { Exists: true, Status.IsDirectory: true } entry ? entry.Path : null;
    }

    static string Parent(string path)
    {
        string trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
            return path.Length > 0 ? "/" : ".";
        int slash = trimmed.LastIndexOf('/');
        string parent = slash < 0 ? "." : trimmed[..slash].TrimEnd('/');
        return parent.Length == 0 ? "/" : parent;
    }
}
