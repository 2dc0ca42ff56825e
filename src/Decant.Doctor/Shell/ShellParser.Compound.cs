namespace Decant.Doctor;

/// <summary>Compound commands (XCU 2.9.4), and those of bash.</summary>
sealed partial class ShellParser
{
    /// <summary>Null where a simple command stands.</summary>
    ShellNode? Compound()
    {
        int line = token.Line;
        if (token.IsOperator("("))
            return Parentheses(line);
        switch (Keyword)
        {
            case "{":
                Take();
                ShellList body = Body();
                Expect("}");
                return new ShellGroup(body, IsSubshell: false, line);
            case "if":
                return If(line);
            case "for":
                return For(line);
            case "select" when isBash:
                return For(line);
            case "while" or "until":
                return While(line);
            case "case":
                return Case(line);
            case "[[" when isBash:
                return Test(line);
            case "function" when isBash:
                Take();
                string name = Keyword ?? throw Unexpected();
                Take();
                if (token.IsOperator("("))
                {
                    Take();
                    Expect(")");
                }

                return new ShellFunction(name, FunctionBody(), line);
            case "coproc" when isBash:
                throw new ShellSyntaxException("a process beside the shell", line);
            case { } word when closing.Contains(word):
                throw Unexpected();
            default:
                return null;
        }
    }

    ShellNode Parentheses(int line)
    {
        if (isBash && lexer.IsNext('('))
        {
            lexer.SkipParentheses();
            token = lexer.Next();
            return new ShellOpaque([], line);
        }

        Take();
        ShellList body = Body();
        Expect(")");
        return new ShellGroup(body, IsSubshell: true, line);
    }

    ShellIf If(int line)
    {
        List<(ShellList, ShellList)> branches = [];
        do
        {
            Take();
            ShellList condition = Body();
            Expect("then");
            branches.Add((condition, Body()));
        }
        while (Keyword == "elif");

        ShellList? otherwise = null;
        if (Keyword == "else")
        {
            Take();
            otherwise = Body();
        }

        Expect("fi");
        return new ShellIf(branches, otherwise, line);
    }

    ShellLoop For(int line)
    {
        string keyword = Take().Word!.Bare!;
        if (isBash && token.IsOperator("("))
        {
            // "for ((a; b; c))"
            lexer.SkipParentheses();
            token = lexer.Next();
            if (token.IsOperator(";"))
                Take();
            return new ShellLoop("while", "", null, new ShellList([]), LoopBody(), line);
        }

        string variable = Keyword ?? throw Unexpected();
        Take();
        SkipLines();
        List<ShellTerm>? values = null;
        if (Keyword == "in")
        {
            Take();
            values = [];
            while (token.Word is { } word)
            {
                values.Add(word);
                Take();
            }
        }

        if (token.IsOperator(";"))
            Take();
        return new ShellLoop(keyword, variable, values, null, LoopBody(), line);
    }

    ShellLoop While(int line)
    {
        string keyword = Take().Word!.Bare!;
        ShellList condition = Body();
        return new ShellLoop(keyword, "", null, condition, LoopBody(), line);
    }

    ShellList LoopBody()
    {
        SkipLines();
        Expect("do");
        ShellList body = Body();
        Expect("done");
        return body;
    }

    ShellCase Case(int line)
    {
        Take();
        ShellTerm subject = token.Word ?? throw Unexpected();
        Take();
        SkipLines();
        Expect("in");
        SkipLines();
        List<(IReadOnlyList<ShellTerm>, ShellList, bool)> clauses = [];
        while (Keyword != "esac")
        {
            if (token.IsOperator("("))
                Take();
            List<ShellTerm> patterns = [];
            do
            {
                if (patterns.Count > 0)
                    Take();
                patterns.Add(token.Word ?? throw Unexpected());
                Take();
            }
            while (token.IsOperator("|"));

            Expect(")");
            ShellList body = List();
            clauses.Add((patterns, body, !(token.IsOperator(";&") || token.IsOperator(";;&"))));
            if (token.IsOperator(";;") || token.IsOperator(";&") || token.IsOperator(";;&"))
                Take();
            else if (Keyword != "esac")
                throw Unexpected();
            SkipLines();
        }

        Take();
        return new ShellCase(subject, clauses, line);
    }

    /// <summary>"[[ ... ]]", as a command where it is of words alone.</summary>
    ShellNode Test(int line)
    {
        List<ShellTerm> words = [];
        bool isPlain = true;
        while (Keyword != "]]")
        {
            if (token.Kind == ShellTokenKind.End)
                throw Unexpected();
            if (token.Word is { } word)
                words.Add(word);
            else
                isPlain = false;
            Take();
        }

        words.Add(Take().Word!);
        return isPlain ? new ShellSimple([], words, line) : new ShellOpaque([], line);
    }
}
