namespace Decant.Bench;

/// <summary>
/// Python's json writes NaN, Infinity and -Infinity where JSON has no number; sglang.bench_serving does so for a request rate without a limit, its default.
/// </summary>
static class PythonNumbers
{
    /// <summary>The bytes with these three words as texts: what asks for a number there is told the word, and what does not is not in the way.</summary>
    public static ReadOnlyMemory<byte> Quoted(ReadOnlyMemory<byte> json)
    {
        ReadOnlySpan<byte> rest = json.Span;
        if (rest.IndexOf("NaN"u8) < 0 && rest.IndexOf("Infinity"u8) < 0)
            return json;
        List<byte> quoted = new(rest.Length + 64);
        bool inText = false;
        while (!rest.IsEmpty)
        {
            int length = inText ? 0 : Word(rest);
            if (length > 0)
                quoted.AddRange([(byte)'"', .. rest[..length], (byte)'"']);
            else
            {
                length = inText && rest is [(byte)'\\', _, ..] ? 2 : 1;
                inText ^= rest[0] == '"';
                quoted.AddRange(rest[..length]);
            }

            rest = rest[length..];
        }

        return quoted.ToArray();
    }

    static int Word(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? "NaN"u8.Length
        : text.StartsWith("Infinity"u8) ? "Infinity"u8.Length
        : text.StartsWith("-Infinity"u8) ? "-Infinity"u8.Length
        : 0;
}
