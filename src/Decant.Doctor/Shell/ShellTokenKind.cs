namespace Decant.Doctor;

enum ShellTokenKind
{
    Word,

    /// <summary>A line's end among them.</summary>
    Operator,

    /// <summary>Digits in front of a redirection.</summary>
    Descriptor,

    End,
}
