using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Decant.Doctor;

/// <summary>Whether the bytes of a source are text in the encoding that it declares (PEP 263).</summary>
static class PythonEncoding
{
    /// <summary>In which the signs of Python are single bytes, and no others'.</summary>
    static readonly string[] known = ["utf-8", "utf8", "latin-1", "latin1", "iso-8859-1", "iso-8859-15", "ascii", "us-ascii"];

    /// <summary>Of an encoding's name.</summary>
    static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8);

    /// <summary>What is wrong with them; null where nothing is, or the encoding is not known here.</summary>
    /// <param name="isKnown">False where nothing can be said of what the bytes mean.</param>
    public static PythonFault? Examine(ReadOnlySpan<byte> source, out bool isKnown)
    {
        string? declared = Declared(source);
        isKnown = declared is null || known.Contains(declared);
        int zero = source.IndexOf((byte)0);
        if (zero >= 0)
            return PythonFault.Syntax(LineOf(source, zero), "the text has a NUL byte");
        if (declared is not (null or "utf-8" or "utf8") || Utf8.IsValid(source))
            return null;
        int at = 0;
        while (at < source.Length && Rune.DecodeFromUtf8(source[at..], out _, out int length) == OperationStatus.Done)
            at += length;
        return PythonFault.Syntax(LineOf(source, at), $"the byte 0x{source[at]:x2} is no UTF-8, and no other encoding is declared");
    }

    static int LineOf(ReadOnlySpan<byte> source, int at) => source[..at].Count((byte)'\n') + 1;

    /// <summary>In lower case, of one of the first two lines; null where there is none.</summary>
    static string? Declared(ReadOnlySpan<byte> source)
    {
        for (int line = 0; line < 2; line++)
        {
            int end = source.IndexOf((byte)'\n');
            ReadOnlySpan<byte> text = (end < 0 ? source : source[..end]).Trim(" \t\f\r\uFEFF"u8);
            int at = text.StartsWith("#"u8) ? text.IndexOf("coding"u8) : -1;
            if (at >= 0 && text.Length > at + 6 && text[at + 6] is (byte)':' or (byte)'=')
            {
                ReadOnlySpan<byte> rest = text[(at + 7)..].TrimStart(" \t"u8);
                int length = rest.IndexOfAnyExcept(Letters);
                return Encoding.ASCII.GetString(length < 0 ? rest : rest[..length]).ToLowerInvariant().Replace('_', '-');
            }

            // Only a comment or nothing may stand before it.
            if (end < 0 || !(text.IsEmpty || text.StartsWith("#"u8)))
                return null;
            source = source[(end + 1)..];
        }

        return null;
    }
}
