using System.Diagnostics.CodeAnalysis;

namespace Decant.Doctor;

/// <summary>
/// Reads the grammar of the shell (XCU 2.10.2), and of bash what its scripts use most. It takes any text: what it does not understand it refuses
/// as a whole.
/// </summary>
sealed partial class ShellParser
{
    /// <summary>Of compound commands in each other.</summary>
    const int MostDepth = 60;

    static readonly HashSet<string> closing = new(StringComparer.Ordinal) { "then", "do", "done", "fi", "elif", "else", "esac", "}" };

    readonly ShellLexer lexer;
    readonly bool isBash;
    ShellToken token;
    int depth;

    ShellParser(string text, bool isBash)
    {
        lexer = new ShellLexer(text, isBash);
        this.isBash = isBash;
        token = lexer.Next();
    }

    /// <param name="isBash">Whose grammar it is: bash's, or that of other shells.</param>
    /// <param name="problem">Why it is not understood, with the line; null where it is.</param>
    /// <returns>Null where it is not understood.</returns>
    public static ShellList? Parse(string text, bool isBash, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            ShellParser parser = new(text, isBash);
            ShellList list = parser.List();
            return parser.token.Kind == ShellTokenKind.End ? list : throw parser.Unexpected();
        }
        catch (ShellSyntaxException e)
        {
            problem = $"line {e.Line} has {e.Message}";
            return null;
        }
    }

    bool AtLineEnd => token.IsOperator("\n");

    /// <summary>The keyword that stands where a command may begin; null for none.</summary>
    string? Keyword => token.Word?.Bare;

    ShellSyntaxException Unexpected() =>
        new(token.Kind == ShellTokenKind.End ? "no end" : $"{(token.Text == "\n" ? "its end" : token.Text.Length > 0 ? $"\"{token.Text}\"" : "a word")} where it is not understood", token.Line);

    ShellToken Take()
    {
        ShellToken taken = token;
        token = lexer.Next();
        return taken;
    }

    void SkipLines()
    {
        while (AtLineEnd)
            Take();
    }

    void Expect(string keyword)
    {
        if (Keyword != keyword && !token.IsOperator(keyword))
            throw Unexpected();
        Take();
    }

    bool EndsList() => token.Kind == ShellTokenKind.End || token.IsOperator(")") || token.IsOperator(";;") || token.IsOperator(";&") || token.IsOperator(";;&") || (Keyword is { } word && closing.Contains(word));

    ShellList List()
    {
        List<ShellAndOr> items = [];
        SkipLines();
        while (!EndsList())
        {
            ShellAndOr item = AndOr();
            if (token.IsOperator("&"))
                item = item with { IsAsynchronous = true };
            else if (!token.IsOperator(";") && !AtLineEnd && !EndsList())
                throw Unexpected();
            items.Add(item);
            if (token.IsOperator("&") || token.IsOperator(";"))
                Take();
            SkipLines();
        }

        return new ShellList(items);
    }

    ShellList Body()
    {
        ShellList list = List();
        return list.Items.Count > 0 ? list : throw Unexpected();
    }

    ShellAndOr AndOr()
    {
        List<ShellPipeline> pipelines = [Pipeline()];
        List<bool> isOr = [];
        while (token.IsOperator("&&") || token.IsOperator("||"))
        {
            isOr.Add(Take().Text == "||");
            SkipLines();
            pipelines.Add(Pipeline());
        }

        return new ShellAndOr(pipelines, isOr, IsAsynchronous: false);
    }

    ShellPipeline Pipeline()
    {
        bool isNegated = false;
        // Of bash "time" is a keyword, with one option.
        while (Keyword == "!" || (isBash && Keyword == "time"))
        {
            isNegated ^= Take().Word!.Bare == "!";
            if (Keyword == "-p")
                Take();
        }

        List<ShellNode> commands = [Command()];
        while (token.IsOperator("|") || token.IsOperator("|&"))
        {
            Take();
            SkipLines();
            commands.Add(Command());
        }

        return new ShellPipeline(isNegated, commands);
    }

    ShellNode Command()
    {
        if (++depth > MostDepth)
            throw new ShellSyntaxException("too much within each other", token.Line);
        ShellNode node = Compound() is { } compound ? compound with { Redirections = Redirections() } : Simple();
        depth--;
        return node;
    }

    List<ShellRedirection> Redirections()
    {
        List<ShellRedirection> found = [];
        while (Redirection() is { } redirection)
            found.Add(redirection);
        return found;
    }

    ShellRedirection? Redirection()
    {
        if (token.Kind == ShellTokenKind.Descriptor)
            Take();
        if (token.Kind != ShellTokenKind.Operator || token.Text is not ("<" or ">" or ">>" or ">|" or "<<" or "<<-" or "<<<" or "<&" or ">&" or "<>" or "&>" or "&>>"))
            return null;
        string sign = Take().Text;
        ShellTerm target = token.Word ?? throw Unexpected();
        Take();
        return new ShellRedirection(sign, target);
    }

    ShellNode Simple()
    {
        int line = token.Line;
        List<(string, ShellTerm?)> assignments = [];
        List<ShellTerm> words = [];
        List<ShellRedirection> redirections = [];
        while (true)
        {
            if (Redirection() is { } redirection)
            {
                redirections.Add(redirection);
                continue;
            }

            if (token.Word is not { } word)
                break;
            if (words.Count == 0 && ShellAssignment.Of(word) is { } assignment)
            {
                bool mayBeArray = isBash && assignment.Value?.Parts is [] && lexer.IsNext('(');
                Take();
                if (mayBeArray && token.IsOperator("("))
                {
                    lexer.SkipParentheses();
                    token = lexer.Next();
                    assignment = assignment with { Value = null };
                }

                assignments.Add((assignment.Name, assignment.Value));
                continue;
            }

            bool mayBeDefined = words.Count == 0 && assignments.Count == 0;
            Take();
            if (mayBeDefined && token.IsOperator("("))
                return Function(word, line);
            words.Add(word);
        }

        if (assignments.Count + words.Count + redirections.Count == 0)
            throw Unexpected();
        return new ShellSimple(assignments, words, line) { Redirections = redirections };
    }

    ShellFunction Function(ShellTerm name, int line)
    {
        Expect("(");
        Expect(")");
        return new ShellFunction(name.Bare ?? throw Unexpected(), FunctionBody(), line);
    }

    ShellNode FunctionBody()
    {
        SkipLines();
        if (++depth > MostDepth)
            throw new ShellSyntaxException("too much within each other", token.Line);
        ShellNode body = Compound() ?? throw Unexpected();
        depth--;
        return body with { Redirections = Redirections() };
    }
}
