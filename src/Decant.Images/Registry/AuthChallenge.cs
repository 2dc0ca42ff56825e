using System.Text;

namespace Decant.Images;

/// <summary>One way to authenticate that a server offers (RFC 9110, 11.6.1: WWW-Authenticate).</summary>
/// <param name="Scheme">Such as Basic or Bearer, as the server spells it.</param>
/// <param name="Parameters">By name, whatever the case.</param>
sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool Is(string scheme) => string.Equals(Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>All challenges of one header. What is malformed ends the list: the challenges before it count.</summary>
    public static List<AuthChallenge> Parse(string header)
    {
        List<AuthChallenge> challenges = [];
        int at = 0;
        while (true)
        {
            SkipSeparators(header, ref at);
            string scheme = Token(header, ref at);
            if (scheme.Length == 0)
                return challenges;
            challenges.Add(new AuthChallenge(scheme, ParseParameters(header, ref at)));
        }
    }

    static Dictionary<string, string> ParseParameters(string header, ref int at)
    {
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            // A word without "=" after it is the next challenge's scheme.
            int start = at;
            SkipSeparators(header, ref at);
            string name = Token(header, ref at);
            SkipBlanks(header, ref at);
            if (name.Length == 0 || at == header.Length || header[at] != '=')
            {
                at = start;
                return parameters;
            }

            at++;
            SkipBlanks(header, ref at);
            parameters.TryAdd(name, at < header.Length && header[at] == '"' ? Quoted(header, ref at) : Unquoted(header, ref at));
        }
    }

    static string Quoted(string header, ref int at)
    {
        StringBuilder value = new();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            if (header[at] == '\\' && at + 1 < header.Length)
                at++;
            value.Append(header[at]);
        }

        at = Math.Min(at + 1, header.Length);
        return value.ToString();
    }

    /// <summary>Up to the next comma or blank: some servers leave the quotes out where the grammar wants them.</summary>
    static string Unquoted(string header, ref int at)
    {
        int start = at;
        while (at < header.Length && header[at] is not (',' or ' ' or '\t'))
            at++;
        return header[start..at];
    }

    /// <summary>The token of RFC 9110, 5.6.2.</summary>
    static string Token(string header, ref int at)
    {
        int start = at;
        while (at < header.Length && (char.IsAsciiLetterOrDigit(header[at]) || "!#$%&'*+-.^_`|~".Contains(header[at])))
            at++;
        return header[start..at];
    }

    static void SkipSeparators(string header, ref int at)
    {
        while (at < header.Length && header[at] is ',' or ' ' or '\t')
            at++;
    }

    static void SkipBlanks(string header, ref int at)
    {
        while (at < header.Length && header[at] is ' ' or '\t')
            at++;
    }
}
