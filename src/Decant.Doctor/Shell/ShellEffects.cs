namespace Decant.Doctor;

/// <summary>What commands may change in a shell that may or may not run them.</summary>
static class ShellEffects
{
    /// <summary>Each takes names of variables as arguments.</summary>
    static readonly string[] setters = ["export", "readonly", "local", "declare", "typeset", "unset", "read", "getopts", "mapfile", "readarray", "let", "printf"];

    public static void Apply(ShellList list, ShellState state)
    {
        foreach (ShellAndOr item in list.Items)
        {
            foreach (ShellPipeline pipeline in item.Pipelines)
                Apply(pipeline.Commands, state);
        }
    }

    public static void Apply(IEnumerable<ShellNode> nodes, ShellState state)
    {
        foreach (ShellNode node in nodes)
            Apply(node, state);
    }

    static void Apply(ShellNode node, ShellState state)
    {
        if (node.Redirections.Any(redirection => redirection.Operator.Contains('>') && redirection.Target.Plain is not { } target))
            state.Changes.MayHaveChanged = true;
        foreach (ShellRedirection redirection in node.Redirections)
        {
            if (redirection.Operator.Contains('>') && redirection.Target.Plain is { } target && !ProgramCheck.IsLive(target))
                state.Changes.Written.Add(Linux.LinuxPath.Name(target));
        }

        switch (node)
        {
            case ShellSimple simple:
                Simple(simple, state);
                break;
            case ShellGroup { IsSubshell: true } group:
                Apply(group.Body, state.Copy());
                break;
            case ShellGroup group:
                Apply(group.Body, state);
                break;
            case ShellIf one:
                foreach ((ShellList condition, ShellList body) in one.Branches)
                {
                    Apply(condition, state);
                    Apply(body, state);
                }

                if (one.Else is not null)
                    Apply(one.Else, state);
                break;
            case ShellCase one:
                foreach ((_, ShellList body, _) in one.Clauses)
                    Apply(body, state);
                break;
            case ShellLoop loop:
                if (loop.Variable.Length > 0)
                    state.Set(loop.Variable, null);
                if (loop.Condition is not null)
                    Apply(loop.Condition, state);
                Apply(loop.Body, state);
                // It may go on for ever.
                state.IsCertain &= loop.Keyword is "for" or "select";
                break;
            case ShellFunction function:
                state.Functions[function.Name] = null;
                break;
            case ShellOpaque opaque:
                foreach (string name in opaque.Assigned)
                    state.Set(name, null);
                break;
        }
    }

    static void Simple(ShellSimple node, ShellState state)
    {
        foreach ((string name, _) in node.Words.Count == 0 ? node.Assignments : [])
            state.Set(name, null);
        if (node.Words.Count == 0)
            return;
        string? program = node.Words[0].Plain;
        if (program is not null && state.Functions.TryGetValue(program, out ShellNode? body))
        {
            // Taken away meanwhile, so that one that calls itself comes to an end.
            state.Functions.Remove(program);
            if (body is null)
                state.IsLost = true;
            else
                Apply(body, state);
            state.Functions[program] = body;
            return;
        }

        switch (program)
        {
            case "cd" or "pushd" or "popd":
                state.Directory = null;
                break;
            case "set":
                state.Arguments = node.Words.Skip(1).All(word => word.Plain is { Length: > 1 } option && option[0] is '-' or '+' && option != "--") ? state.Arguments : null;
                state.ErrExit = false;
                break;
            case "shift":
                state.Arguments = null;
                break;
            case "exit":
                state.IsCertain &= IsFailure(node);
                break;
            case "exec" when node.Words.Count > 1:
                state.IsCertain = false;
                break;
            case "return" or "break" or "continue":
                state.IsCertain = false;
                break;
            case null or "." or "source" or "eval" or "alias":
                state.IsLost |= program is not null;
                state.Changes.MayHaveChanged = true;
                break;
            case "trap":
                state.Changes.MayTrap = true;
                break;
            case { } setter when setters.Contains(setter):
                foreach (ShellTerm word in node.Words.Skip(1))
                    SetUnknown(word, state);
                break;
            default:
                state.Changes.MayHaveChanged |= !ShellBuiltIns.Has(program, isDash: false) && !ShellBuiltIns.IsHarmless(program);
                break;
        }
    }

    static void SetUnknown(ShellTerm word, ShellState state)
    {
        string? name = ShellAssignment.Of(word)?.Name ?? word.Plain;
        if (name is null)
            state.IsLost = true;
        else if (ShellAssignment.IsName(name))
            state.Set(name, null);
    }

    /// <summary>Behind a failure it ends the shell with one.</summary>
    public static bool IsFailingExit(ShellPipeline pipeline) => Last(pipeline) is { } last && last.Words[0].Plain == "exit" && (IsFailure(last) || (pipeline.Commands[0] == last && KeepsStatus(last)));

    /// <summary>Its status is never that of success.</summary>
    public static bool AlwaysFails(ShellPipeline pipeline) => Last(pipeline) is { } last && (last.Words[0].Plain == "false" || (last.Words[0].Plain is "exit" or "return" && IsFailure(last)));

    /// <summary>A loop's rounds may not all be gone to their ends.</summary>
    public static bool Breaks(ShellList list) => list.Items.Any(item => item.Pipelines.Any(pipeline => pipeline.Commands.Any(Breaks)));

    static bool Breaks(ShellNode node) => node switch
    {
        ShellSimple simple => simple.Words is [var first, ..] && first.Plain is "break" or "continue",
        ShellGroup group => Breaks(group.Body),
        ShellIf one => one.Branches.Any(branch => Breaks(branch.Condition) || Breaks(branch.Body)) || (one.Else is not null && Breaks(one.Else)),
        ShellCase one => one.Clauses.Any(clause => Breaks(clause.Body)),
        ShellLoop loop => Breaks(loop.Body),
        _ => false,
    };

    static bool IsFailure(ShellSimple exit) => exit.Words.Count == 2 && exit.Words[1].Plain is { } status && int.TryParse(status, out int code) && (code & 0xFF) != 0;

    /// <summary>"exit" and "exit $?" end the shell with the status of what ran before.</summary>
    public static bool KeepsStatus(ShellSimple exit) =>
        exit.Words.Count == 1 || (exit.Words.Count == 2 && exit.Words[1].Parts is [{ Kind: ShellPartKind.Parameter, Text: "?", Operator: "" }]);

    /// <summary>The command that a pipeline ends with, groups looked into.</summary>
    static ShellSimple? Last(ShellPipeline pipeline) => pipeline is not { IsNegated: false, Commands: [var only] } ? null : only switch
    {
        ShellSimple { Words.Count: > 0 } simple => simple,
        ShellGroup { IsSubshell: false, Body.Items: [.., { IsAsynchronous: false, Pipelines: [var last] }] } group when group.Body.Items.Take(group.Body.Items.Count - 1).All(IsPlain) => Last(last),
        _ => null,
    };

    /// <summary>Only words that are printed.</summary>
    static bool IsPlain(ShellAndOr item) => item is { Pipelines: [{ Commands: [ShellSimple { Words: [var first, ..] }] }] } && first.Plain is "echo" or "printf" or ":";
}
