namespace Decant.Cli;

/// <summary>What <see cref="ArgumentMatcher"/> found beside the options that it applied.</summary>
readonly record struct MatchedArguments(string[] Operands, bool HelpAsked);
