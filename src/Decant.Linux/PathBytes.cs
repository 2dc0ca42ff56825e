using System.Text;
using System.Text.Unicode;

namespace Decant.Linux;

/// <summary>
/// File names are bytes. Decant holds them in strings: valid UTF-8 as itself, every other byte 0xNN as the lone
/// surrogate U+DCNN (the "surrogateescape" of PEP 383), so that each name survives the way in and out unchanged.
/// </summary>
public static class PathBytes
{
    const char EscapeBase = '\uDC00';

    /// <summary>Bytes as the kernel gave them (no terminating zero) to a string.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes) || Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);

        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                consumed = 1;
                text.Append((char)(EscapeBase + bytes[0]));
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>How many bytes <see cref="Encode(string, Span{byte})"/> writes at most, with the terminating zero.</summary>
    public static int MaxByteCount(string path) => (path.Length * 3) + 1;

    /// <summary>Writes the name and a terminating zero; returns the length without the zero.</summary>
    /// <exception cref="DecantException">The name holds a NUL, which no file name can.</exception>
    public static int Encode(string path, Span<byte> into)
    {
        if (Ascii.FromUtf16(path, into, out int length) == System.Buffers.OperationStatus.Done && !into[..length].Contains((byte)0))
        {
            into[length] = 0;
            return length;
        }

        length = 0;
        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            char c = rest[0];
            if (c is > '\0' and < '\u0080')
            {
                into[length++] = (byte)c;
                rest = rest[1..];
            }
            else if (c == '\0')
            {
                throw new DecantException($"the name {Printable(path)} holds a NUL byte");
            }
            else if (c is >= '\uDC80' and <= '\uDCFF')
            {
                into[length++] = (byte)(c - EscapeBase);
                rest = rest[1..];
            }
            else
            {
                Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed);
                length += rune.EncodeToUtf8(into[length..]);
                rest = rest[consumed..];
            }
        }

        into[length] = 0;
        return length;
    }

    /// <summary>The name's bytes without a terminating zero.</summary>
    public static byte[] Encode(string path)
    {
        byte[] buffer = new byte[MaxByteCount(path)];
        return buffer[..Encode(path, buffer)];
    }

    /// <summary>The name for a message: control characters and bytes that are not text as \xNN, so that a hostile name cannot write to a terminal.</summary>
    public static string Printable(string path)
    {
        bool plain = true;
        foreach (char c in path)
            plain &= !char.IsControl(c) && !char.IsSurrogate(c);
        if (plain)
            return path;

        StringBuilder text = new(path.Length + 16);
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c is >= '\uDC80' and <= '\uDCFF' && (i == 0 || !char.IsHighSurrogate(path[i - 1])))
                text.Append("\\x").Append((c - EscapeBase).ToString("x2"));
            else if (char.IsControl(c))
                text.Append("\\x").Append(((int)c).ToString("x2"));
            else
                text.Append(c);
        }

        return text.ToString();
    }
}
