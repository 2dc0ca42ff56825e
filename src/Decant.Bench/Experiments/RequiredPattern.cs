using System.Text.RegularExpressions;

namespace Decant.Bench;

/// <summary>What a trial's output or a command line must match. It runs in time that grows with the text's length alone: a pattern must not hold up what it judges.</summary>
static class RequiredPattern
{
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It has back-references or look-around.</exception>
    public static Regex Of(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant);
}
