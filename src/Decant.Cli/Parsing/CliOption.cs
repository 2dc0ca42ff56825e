using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// One option of a command: how it is written, what it takes, what help and completion say about it, and what it does.
/// <see cref="ArgumentMatcher"/>, <see cref="HelpText"/> and the completion scripts all read the same list of these.
/// </summary>
sealed class CliOption
{
    /// <summary>Without the dashes.</summary>
    public required string Name { get; init; }

    /// <summary>The short form's letter; NUL where there is none.</summary>
    public char Letter { get; init; }

    /// <summary>A second long name that is understood but not shown.</summary>
    public string? Alias { get; init; }

    /// <summary>What help shows for the value; null for a flag, which takes none but may be written --flag=false.</summary>
    public string? Placeholder { get; init; }

    public required string Help { get; init; }
    public OptionTopic Topic { get; init; } = OptionTopic.Output;
    public ValueHint Hint { get; init; }

    /// <summary>The words that a value can be, or begin with.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Takes the value as typed.</summary>
    public required Action<string> Apply { get; init; }

    public bool IsFlag => Placeholder is null;

    /// <summary>An option without a value.</summary>
    public static CliOption Flag(string name, char letter, OptionTopic topic, string help, Action<bool> apply) => new()
    {
        Name = name,
        Letter = letter,
        Topic = topic,
        Help = help,
        Apply = text => apply(ParseBoolean(text)),
    };

    /// <summary>The words that Go's strconv.ParseBool takes, and so docker.</summary>
    internal static bool ParseBoolean(string text) =>
        TryParseBoolean(text) ?? throw new DecantException($"{PathBytes.Printable(text)} is neither true nor false");

    internal static bool? TryParseBoolean(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
