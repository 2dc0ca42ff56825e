using CsCheck;

namespace Decant.Doctor.Tests;

public sealed class ShellParserTests
{
    /// <summary>What the language is made of, so that some of the nonsense is almost sense.</summary>
    static readonly string[] Words =
    [
        "if ", "then ", "elif ", "else ", "fi", "for ", "in ", "do ", "done", "while ", "until ", "case ", "esac", ";;", "{ ", "}", "(", ")", "((", "))", "[[ ", " ]]", "function ", "select ", "time ", "! ", "$(", "${", "$((", "`",
        "$", "\"", "'", "$'", "\\", "\n", ";", "&", "&&", "|", "||", "|&", "<", ">", "<<", "<<-", "<<<", "<(", ">&", "&>", "2>", "#", "=", "+=", "a=", "x", " ", "\t", "*", "?", "[", "~", ":-", "##", "%", "@", "!", "{a,b}", "exec ",
        "exit 1", "set -e", "cd /", "eval ", ". x", "f()", "export ", "\0", "\u00e9", "EOF", "0",
    ];

    static readonly Gen<string> nonsense = Gen.Int[0, Words.Length - 1].Array[0, 60].Select(chosen => string.Concat(chosen.Select(word => Words[word])));

    [Fact]
    public void Any_text_is_read_or_refused_with_a_reason() => Gen.Select(Gen.OneOf(nonsense, Gen.String), Gen.Bool).Sample((text, isBash) =>
    {
        ShellList? list = ShellParser.Parse(text, isBash, out string? problem);
        Assert.Equal(list is null, problem is not null);
    });

    [Fact]
    public void Any_text_is_followed_to_an_end()
    {
        using ScratchRoot root = new();
        root.File("/bin/sh", "", executable: true).File("/bin/bash", "", executable: true).File("/x", "exec \"$0\"; . x; eval \"$*\"\n", executable: true);
        Gen.Select(nonsense, Gen.Bool).Sample((text, isBash) => ShellCommand.Follow(root.Command(isBash ? "bash" : "sh", "-c", text.Replace("\0", ""), "x", "y z")) is not null);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("$(")]
    [InlineData("${a:-")]
    [InlineData("\"$(")]
    [InlineData("if ")]
    [InlineData("{ ")]
    [InlineData("f() ")]
    [InlineData("! ")]
    public void What_is_within_itself_without_end_is_refused(string begin) =>
        Assert.Null(ShellParser.Parse(string.Concat(Enumerable.Repeat(begin, 100_000)), isBash: true, out _));

    [Theory]
    [InlineData("'x", "line 1 has a quote that does not end")]
    [InlineData("a\nb )", "line 2 has \")\" where it is not understood")]
    [InlineData("if a; then", "line 1 has no end")]
    [InlineData("a &&", "line 1 has no end")]
    [InlineData("fi", "line 1 has a word where it is not understood")]
    public void What_is_refused_is_told_with_its_line(string text, string problem)
    {
        Assert.Null(ShellParser.Parse(text, isBash: false, out string? found));
        Assert.Equal(problem, found);
    }

    [Fact]
    public void Documents_comments_and_joined_lines_are_no_commands()
    {
        ShellList list = ShellParser.Parse("cat <<A <<-'B' # no; command\nif (\nA\n\tfi )\n\tB\nx \\\ny", isBash: false, out _)!;
        Assert.Equal(2, list.Items.Count);
        ShellSimple last = Assert.IsType<ShellSimple>(list.Items[1].Pipelines[0].Commands[0]);
        Assert.Equal(["x", "y"], last.Words.Select(word => word.Plain));
        Assert.Equal(6, last.Line);
    }

    [Fact]
    public void What_only_bash_knows_is_another_thing_elsewhere()
    {
        const string text = "a=(1 2) b; [[ x < y && z ]] && c; ((i++)); d &> e; f <(g)";
        Assert.Equal(5, ShellParser.Parse(text, isBash: true, out _)!.Items.Count);
        Assert.Null(ShellParser.Parse(text, isBash: false, out _));
        Assert.Equal([true, false], ShellParser.Parse("d &> e", isBash: false, out _)!.Items.Select(item => item.IsAsynchronous));
    }

    [Theory]
    [InlineData("*.sh", "run.sh", true)]
    [InlineData("*.sh", "run.py", false)]
    [InlineData("[a-c]?x", "bzx", true)]
    [InlineData("[!a-c]?x", "bzx", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("a*b*c", "axxbyybzc", true)]
    [InlineData("-*", "-x", true)]
    [InlineData("[", "[", true)]
    [InlineData("", "", true)]
    [InlineData("[[:digit:]]", "1", null)]
    public void Patterns_fit_as_the_shells_do(string pattern, string text, bool? fits) => Assert.Equal(fits, ShellPattern.Matches(pattern, text));
}
