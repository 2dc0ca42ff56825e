using Decant.Linux;

namespace Decant.Devices;

/// <summary>A device's qualified name, vendor.com/class=name (CDI specification, and its parser's rules).</summary>
public sealed record CdiName(string Vendor, string Class, string Name)
{
    public string Kind => $"{Vendor}/{Class}";

    public override string ToString() => $"{Vendor}/{Class}={Name}";

    /// <summary>What cannot be a path of a device node: it does not begin with /, and has a class and a name.</summary>
    public static bool LooksLike(string text) => text.Length > 0 && text[0] != '/' && text.Contains('/') && text.Contains('=');

    /// <exception cref="DecantException">It is none, and why.</exception>
    public static CdiName Parse(string text)
    {
        int equals = text.IndexOf('=');
        int slash = equals < 0 ? -1 : text.AsSpan(0, equals).IndexOf('/');
        if (slash < 0)
            throw new DecantException($"{PathBytes.Printable(text)} is no name of a CDI device", "write VENDOR/CLASS=NAME, such as nvidia.com/gpu=0");
        CdiName name = new(text[..slash], text[(slash + 1)..equals], text[(equals + 1)..]);
        if ((WhyNoPart(name.Vendor, "vendor") ?? WhyNoPart(name.Class, "class") ?? WhyNoName(name.Name)) is { } reason)
            throw new DecantException($"{PathBytes.Printable(text)} is no name of a CDI device: {reason}", "write VENDOR/CLASS=NAME, such as nvidia.com/gpu=0");
        return name;
    }

    /// <summary>Null for a vendor or class as it must be.</summary>
    internal static string? WhyNoPart(string text, string what) =>
        text.Length == 0 ? $"the {what} is empty"
        : !char.IsAsciiLetter(text[0]) ? $"the {what} does not begin with a letter"
        : WhyNot(text, what, "._-");

    /// <summary>Null for a device's name as it must be.</summary>
    internal static string? WhyNoName(string text) =>
        text.Length == 0 ? "the name is empty"
        : !char.IsAsciiLetterOrDigit(text[0]) ? "the name does not begin with a letter or digit"
        : WhyNot(text, "name", "._-:");

    static string? WhyNot(string text, string what, string marks)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !marks.Contains(c))
                return $"the {what} has a {PathBytes.Printable(c.ToString())}";
        }

        return char.IsAsciiLetterOrDigit(text[^1]) ? null : $"the {what} does not end with a letter or digit";
    }
}
