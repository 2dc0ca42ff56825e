namespace Decant.Doctor;

/// <summary>What a part of a word is to the shell (XCU 2.6).</summary>
enum ShellPartKind
{
    /// <summary>Characters that stand for themselves, or for a pattern where they are not quoted.</summary>
    Literal,

    /// <summary>"$NAME", "${NAME:-WORD}" and their like.</summary>
    Parameter,

    /// <summary>"$(COMMANDS)" or the same between backquotes.</summary>
    Command,

    /// <summary>What is not worked out: arithmetic, arrays, processes as files.</summary>
    Other,
}
