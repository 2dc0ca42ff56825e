namespace Decant.Cli;

/// <summary>An option of <c>docker run</c> that decant refuses.</summary>
/// <param name="Letter">NUL where docker has no short form.</param>
/// <param name="Fix">The way to what the user is after; null where there is none.</param>
/// <param name="Default">Of a flag, docker's value where it is not given, which asks for nothing and is taken; null of an option with a value.</param>
sealed record RefusedOption(string Name, char Letter, string Reason, string? Fix, bool? Default = null);
