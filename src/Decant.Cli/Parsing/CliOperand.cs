namespace Decant.Cli;

/// <summary>A word of a command line that is not an option.</summary>
/// <param name="Name">As usage shows it, in capitals.</param>
sealed record CliOperand(string Name, ValueHint Hint, bool Optional = false, bool Repeated = false)
{
    /// <summary>What it can be, for completion.</summary>
    public string[] Choices { get; init; } = [];

    public override string ToString()
    {
        string text = Repeated ? Name + "..." : Name;
        return Optional ? $"[{text}]" : text;
    }
}
