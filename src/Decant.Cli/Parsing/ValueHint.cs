namespace Decant.Cli;

/// <summary>What a shell offers when the user completes a value or an operand.</summary>
enum ValueHint
{
    Nothing,
    Files,
    Directories,
    Images,

    /// <summary>Places that <c>decant export</c> writes to.</summary>
    Targets,

    /// <summary>Images and kept runs: what <c>decant rm</c> removes.</summary>
    Removable,

    /// <summary>One of the option's <see cref="CliOption.Choices"/>.</summary>
    Choices,

    /// <summary>A name of the caller's environment.</summary>
    Variables,
}
