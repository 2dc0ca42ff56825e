using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>A specification of the Container Device Interface: devices of one kind, and what a program needs to use them.</summary>
/// <param name="Path">Its file, for messages.</param>
public sealed record CdiSpec(string Path, string Version, string Kind, IReadOnlyList<CdiDevice> Devices, CdiEdits Edits)
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file's text, YAML or JSON, as strictly as the reference library: what it does not know is an error.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="DecantException">It is no specification; file, line, column and cause.</exception>
    public static CdiSpec Read(ReadOnlySpan<byte> text, string path) => Read(text, path, out _);

    /// <param name="kind">What the file calls its kind, be it a specification or not; null where it does not come so far.</param>
    internal static CdiSpec Read(ReadOnlySpan<byte> text, string path, out string? kind)
    {
        kind = null;
        string decoded;
        try
        {
            decoded = utf8.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new DecantException($"{PathBytes.Printable(path)}: byte {e.Index} is not UTF-8", null, e);
        }

        YamlNode root = YamlNode.Parse(decoded, path);
        kind = root.Members?.Find(member => string.Equals(member.Key.Scalar, "kind", StringComparison.OrdinalIgnoreCase)).Value?.Scalar;
        return new CdiReader(path).Spec(root);
    }
}
