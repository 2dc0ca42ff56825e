using System.Diagnostics.CodeAnalysis;
using Decant.Linux;

namespace Decant.Images;

/// <summary>The digest of a blob (image-spec descriptor.md): "sha256:" or "sha512:" and lower-case hexadecimal.</summary>
public readonly record struct Digest
{
    readonly string? text;

    Digest(string text) => this.text = text;

    public string Algorithm => Text[..Text.IndexOf(':')];

    public string Hex => Text[(Text.IndexOf(':') + 1)..];

    /// <summary>sha256:HEX; only the default value has none.</summary>
    string Text => text ?? throw new InvalidOperationException("a digest without a value");

    /// <exception cref="DecantException">The text is no digest that decant can verify.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out Digest digest)
            ? digest
            : throw new DecantException($"{PathBytes.Printable(text)} is not a digest: sha256 or sha512, a colon, and lower-case hexadecimal digits");

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null)
            return false;
        int length = text.StartsWith("sha256:", StringComparison.Ordinal) ? 64
            : text.StartsWith("sha512:", StringComparison.Ordinal) ? 128 : -1;
        if (length < 0 || text.Length != 7 + length)
            return false;
        foreach (char c in text.AsSpan(7))
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }

        digest = new Digest(text);
        return true;
    }

    public static Digest Sha256(ReadOnlySpan<byte> bytes)
    {
        using ContentHash hash = ContentHash.Sha256();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>A hash of this digest's algorithm.</summary>
    internal ContentHash NewHash() => Algorithm == "sha512" ? ContentHash.Sha512() : ContentHash.Sha256();

    public override string ToString() => text ?? "";
}
