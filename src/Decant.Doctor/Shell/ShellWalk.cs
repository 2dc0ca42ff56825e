using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Goes through a shell's commands as the shell would, with what is known of its variables, arguments and directory. Programs are taken to
/// succeed; where it depends on what is not known which way a shell goes, neither is gone, and all that either may change is not known from there on.
/// </summary>
sealed partial class ShellWalk
{
    const int MostSteps = 5000;
    const int MostStarted = 40;
    const int MostDepth = 12;

    /// <summary>Of a loop over known words.</summary>
    const int MostRounds = 40;

    readonly ExaminedCommand command;
    readonly string shell;
    readonly bool isBash;
    readonly List<ShellStarted> started = [];
    readonly List<Finding> findings = [];
    readonly List<string> skipped = [];
    int steps;
    int depth;
    string file = "";
    bool hasLines;

    /// <param name="command">The shell as it was started.</param>
    /// <param name="shell">Its real name: "dash" for /bin/sh.</param>
    ShellWalk(ExaminedCommand command, string shell)
    {
        this.command = command;
        this.shell = shell;
        isBash = IsLikeBash(shell);
    }

    /// <summary>BusyBox's ash too knows what bash has beyond the standard.</summary>
    static bool IsLikeBash(string shell) => shell.StartsWith("bash", StringComparison.Ordinal) || shell.StartsWith("zsh", StringComparison.Ordinal) || shell.Contains("ksh", StringComparison.Ordinal) || shell == "busybox";

    /// <param name="state">As the shell begins.</param>
    /// <param name="text">Of its commands.</param>
    /// <param name="before">Files that it reads first.</param>
    public static ShellFollowed Follow(ExaminedCommand command, string shell, ShellState state, string text, IEnumerable<string> before)
    {
        ShellWalk walk = new(command, shell);
        foreach (string file in before)
            walk.Read(file, state, ShellFate.Whole.Condition with { ExitFails = false });
        if (!state.HasEnded)
            walk.Text(text, state, ShellFate.Whole);
        return new ShellFollowed(walk.started, walk.findings, [.. walk.skipped.Distinct()]);
    }

    ShellStatus Text(string text, ShellState state, ShellFate fate)
    {
        if (ShellParser.Parse(text, isBash, out string? problem) is not { } list)
        {
            Skip($"{(file.Length > 0 ? PathBytes.Printable(file) : "its text")}, which is not understood: {problem}");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        bool hadLines = hasLines;
        hasLines = text.Trim().Contains('\n');
        ShellStatus status = List(list, state, fate);
        hasLines = hadLines;
        return status;
    }

    void Skip(string what) => skipped.Add(what);

    string Place(int line) => $"{(hasLines ? $" in line {line}" : "")}{(file.Length > 0 ? $" of {PathBytes.Printable(file)}" : "")}";

    ShellStatus List(ShellList list, ShellState state, ShellFate fate)
    {
        ShellStatus status = ShellStatus.Succeeds;
        for (int i = 0; i < list.Items.Count && !state.HasEnded; i++)
        {
            if (++steps > MostSteps)
            {
                if (steps == MostSteps + 1)
                    Skip("what comes after the first thousands of commands");
                state.IsLost = true;
                break;
            }

            bool isLast = i == list.Items.Count - 1 || (i == list.Items.Count - 2 && KeepsStatus(list.Items[^1]));
            ShellAndOr item = list.Items[i];
            if (item.IsAsynchronous)
            {
                AndOr(item, state.Copy(), fate.Passed with { ExitFails = false });
                status = ShellStatus.Succeeds;
                continue;
            }

            status = AndOr(item, state, fate with { IsLast = fate.IsLast && isLast });
        }

        return status;
    }

    /// <summary>"exit", "exit $?".</summary>
    static bool KeepsStatus(ShellAndOr item) =>
        item is { IsAsynchronous: false, Pipelines: [{ IsNegated: false, Commands: [ShellSimple { Assignments.Count: 0, Words: [var first, ..] } simple] }] } && first.Plain == "exit" && ShellEffects.KeepsStatus(simple);

    ShellStatus AndOr(ShellAndOr item, ShellState state, ShellFate fate)
    {
        ShellStatus status = ShellStatus.Unknown;
        bool isConditional = false;
        for (int i = 0; i < item.Pipelines.Count && !state.HasEnded; i++)
        {
            ShellPipeline pipeline = item.Pipelines[i];
            if (i > 0 && status == ShellStatus.Unknown && item.IsOr[i - 1])
            {
                // Taken to have succeeded; what would be done else may have been done all the same.
                if (!ShellEffects.IsFailingExit(pipeline))
                    ShellEffects.Apply(pipeline.Commands, state);
                continue;
            }

            if (i > 0 && status == (item.IsOr[i - 1] ? ShellStatus.Succeeds : ShellStatus.Fails))
                continue;
            isConditional |= i > 0 && status == ShellStatus.Unknown;
            status = Pipeline(pipeline, state, Part(item, i, isConditional, state, fate));
        }

        return status;
    }

    /// <summary>What comes of it when one of the pipelines fails.</summary>
    static ShellFate Part(ShellAndOr item, int index, bool isConditional, ShellState state, ShellFate fate)
    {
        int handler = 0;
        for (int i = index; i < item.IsOr.Count && handler == 0; i++)
            handler = item.IsOr[i] ? i + 1 : 0;
        if (handler > 0)
        {
            bool isLast = (ShellEffects.IsFailingExit(item.Pipelines[handler]) && fate.ExitFails) || (ShellEffects.AlwaysFails(item.Pipelines[handler]) && handler == item.Pipelines.Count - 1 && (fate.IsLast || (fate.ErrExit && state.ErrExit)));
            return isLast ? fate with { IsLast = true } : fate.Passed with { Most = FindingSeverity.Note };
        }

        // With "set -e" only the last one of several ends the shell, and only where it is reached.
        return fate with { ErrExit = fate.ErrExit && index == item.Pipelines.Count - 1 && (!isConditional || fate.IsLast) };
    }

    ShellStatus Pipeline(ShellPipeline pipeline, ShellState state, ShellFate fate)
    {
        if (pipeline.IsNegated)
            fate = fate.Passed with { Most = FindingSeverity.Note };
        ShellStatus status;
        if (pipeline.Commands is [var only])
        {
            status = Node(only, state, fate);
        }
        else
        {
            ShellFate within = fate with { ExitFails = fate.IsLast || (fate.ErrExit && state.ErrExit) };
            bool hasChanged = state.Changes.MayHaveChanged;
            bool changes = hasChanged;
            for (int i = 0; i < pipeline.Commands.Count; i++)
            {
                // They all begin at once.
                state.Changes.MayHaveChanged = hasChanged;
                Node(pipeline.Commands[i], state.Copy(), i == pipeline.Commands.Count - 1 || state.PipeFail ? within : within.Passed with { ExitFails = false });
                changes |= state.Changes.MayHaveChanged;
            }

            state.Changes.MayHaveChanged = changes;
            status = ShellStatus.Unknown;
        }

        return !pipeline.IsNegated ? status : status switch { ShellStatus.Succeeds => ShellStatus.Fails, ShellStatus.Fails => ShellStatus.Succeeds, _ => status };
    }

    ShellStatus Node(ShellNode node, ShellState state, ShellFate fate)
    {
        ShellStatus status = node switch
        {
            ShellSimple simple => Simple(simple, state, fate),
            ShellGroup { IsSubshell: true } group => List(group.Body, state.Copy(), fate with { ExitFails = fate.IsLast || (fate.ErrExit && state.ErrExit) }),
            ShellGroup group => List(group.Body, state, fate),
            ShellIf one => If(one, state, fate),
            ShellCase one => Case(one, state, fate),
            ShellLoop loop => Loop(loop, state, fate),
            ShellFunction function => Define(function, state),
            _ => Unknown(node, state),
        };
        Redirect(node, state);
        return status;
    }

    static ShellStatus Define(ShellFunction function, ShellState state)
    {
        state.Functions[function.Name] = function.Body;
        return ShellStatus.Succeeds;
    }

    static ShellStatus Unknown(ShellNode node, ShellState state)
    {
        ShellEffects.Apply([node], state);
        return ShellStatus.Unknown;
    }

    /// <summary>What is written into a file may be what a later command runs.</summary>
    void Redirect(ShellNode node, ShellState state)
    {
        foreach (ShellRedirection redirection in node.Redirections)
        {
            if (!redirection.Operator.Contains('>'))
                continue;
            string? target = new ShellExpansion(command, state, isBash).Text(redirection.Target);
            if (target is null)
                state.Changes.MayHaveChanged = true;
            else if (!ProgramCheck.IsLive(target) && !uint.TryParse(target, out _) && target != "-")
                state.Changes.Written.Add(LinuxPath.Name(target));
        }
    }

    ShellStatus If(ShellIf node, ShellState state, ShellFate fate)
    {
        for (int i = 0; i < node.Branches.Count; i++)
        {
            ShellStatus condition = List(node.Branches[i].Condition, state, fate.Condition);
            if (state.HasEnded)
                return ShellStatus.Unknown;
            if (condition == ShellStatus.Succeeds)
                return List(node.Branches[i].Body, state, fate);
            if (condition == ShellStatus.Fails)
                continue;
            Skip($"the \"if\"{Place(node.Line)}");
            foreach ((ShellList later, ShellList body) in node.Branches.Skip(i))
            {
                ShellEffects.Apply(later, state);
                ShellEffects.Apply(body, state);
            }

            if (node.Else is not null)
                ShellEffects.Apply(node.Else, state);
            return ShellStatus.Unknown;
        }

        return node.Else is null ? ShellStatus.Succeeds : List(node.Else, state, fate);
    }

    ShellStatus Case(ShellCase node, ShellState state, ShellFate fate)
    {
        ShellExpansion expansion = new(command, state, isBash);
        string? subject = expansion.Text(node.Subject);
        for (int i = 0; i < node.Clauses.Count; i++)
        {
            bool? matches = subject is null ? null : false;
            foreach (ShellTerm term in node.Clauses[i].Patterns)
                matches = matches != false ? matches : expansion.Pattern(term) is { } pattern ? ShellPattern.Matches(pattern, subject!) : null;
            if (matches == false)
                continue;
            if (matches == true && node.Clauses[i].Ends)
                return List(node.Clauses[i].Body, state, fate);
            Skip($"the \"case\"{Place(node.Line)}");
            foreach ((_, ShellList body, _) in node.Clauses.Skip(i))
                ShellEffects.Apply(body, state);
            return ShellStatus.Unknown;
        }

        return ShellStatus.Succeeds;
    }

    ShellStatus Loop(ShellLoop node, ShellState state, ShellFate fate)
    {
        List<string>? values = node.Keyword != "for" ? null : node.Values is null ? state.Arguments?.ToList() : Fields(node.Values, state);
        if (values is null || values.Count > MostRounds || ShellEffects.Breaks(node.Body))
        {
            Skip($"the loop{Place(node.Line)}");
            Unknown(node, state);
            return ShellStatus.Unknown;
        }

        foreach (string value in values)
        {
            if (state.HasEnded)
                break;
            state.Set(node.Variable, value);
            List(node.Body, state, fate with { IsLast = false });
        }

        return values.Count == 0 ? ShellStatus.Succeeds : ShellStatus.Unknown;
    }

    List<string>? Fields(IEnumerable<ShellTerm> terms, ShellState state)
    {
        List<string> all = [];
        foreach (ShellTerm term in terms)
        {
            if (new ShellExpansion(command, state, isBash).Fields(term) is not { } fields)
                return null;
            all.AddRange(fields);
        }

        return all;
    }
}
