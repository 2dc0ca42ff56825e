namespace Decant.Doctor;

/// <summary>A logical line of a Python source.</summary>
/// <param name="source">The whole text.</param>
/// <param name="tokens">Of the line; others at the next.</param>
readonly ref struct PythonLine(ReadOnlySpan<byte> source, List<PythonToken> tokens)
{
    readonly ReadOnlySpan<byte> source = source;

    public List<PythonToken> Tokens { get; } = tokens;

    public bool Is(int at, ReadOnlySpan<byte> word) =>
        at >= 0 && at < Tokens.Count && Tokens[at].Kind == PythonTokenKind.Name && Word(at).SequenceEqual(word);

    public bool IsSign(int at, char sign) =>
        at >= 0 && at < Tokens.Count && Tokens[at].Kind == PythonTokenKind.Sign && Tokens[at].Length == 1 && source[Tokens[at].Start] == sign;

    public ReadOnlySpan<byte> Word(int at) => source.Slice(Tokens[at].Start, Tokens[at].Length);

    /// <summary>The colon that ends a header, -1 for none; those of lambdas come before it.</summary>
    public int Colon(int start)
    {
        int lambdas = 0;
        for (int i = start; i < Tokens.Count; i++)
        {
            if (Tokens[i].Depth > 0)
                continue;
            if (Is(i, "lambda"u8))
                lambdas++;
            else if (IsSign(i, ':') && lambdas-- == 0)
                return i;
        }

        return -1;
    }
}
