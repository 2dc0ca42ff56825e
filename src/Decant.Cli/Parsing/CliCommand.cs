namespace Decant.Cli;

/// <summary>One command: its words, its options and what it does. An object serves one command line, as its options write into it.</summary>
abstract class CliCommand
{
    public abstract string Name { get; }

    /// <summary>One line for the list of commands.</summary>
    public abstract string Summary { get; }

    /// <summary>Made at the first look, which a command line without options never takes.</summary>
    public virtual CliOption[] Options => [];

    public virtual CliOperand[] Operands => [];

    /// <summary>Everything from the first operand on belongs to the operands, whatever it looks like, as with <c>docker run</c>.</summary>
    public virtual bool OptionsComeFirst => false;

    /// <summary>What stands below the options in help.</summary>
    public virtual string[] Examples => [];

    /// <summary>Refuses with its reason an option that this command knows not to have.</summary>
    /// <param name="value">What follows its =; null where there is none.</param>
    /// <returns>True where it may be passed over, as that value asks for nothing; false where the command has nothing to say about it.</returns>
    public virtual bool Refuse(string option, string? value) => false;

    /// <summary>Does it, the options applied; returns the exit code.</summary>
    public abstract int Run(string[] operands);
}
