using System.Globalization;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>Makes a specification of its file's values. Whatever it does not know or expect is an error with file, line and column.</summary>
sealed partial class CdiReader(string file)
{
    /// <summary>By part that came later than the first version, where it stands first.</summary>
    readonly List<(Version Since, string What, YamlNode Node)> parts = [];

    public CdiSpec Spec(YamlNode root)
    {
        YamlNode? version = null, kind = null;
        List<CdiDevice> devices = [];
        CdiEdits edits = CdiEdits.None;
        Map(root, "a specification", (name, value) => name switch
        {
            "cdiversion" => Do(() => version = value),
            "kind" => Do(() => kind = value),
            "annotations" => Do(() => Annotations(value)),
            "devices" => Do(() => devices = List(value, "devices", Device)),
            "containeredits" => Do(() => edits = Edits(value)),
            _ => false,
        });
        string text = Text(version ?? throw Wrong(root, "it has no cdiVersion"), "cdiVersion");
        Version number = CdiVersion.Parse(text) ?? throw Wrong(version, $"cdiVersion {PathBytes.Printable(text)} is none of {CdiVersion.Known}");
        string name = Kind(kind ?? throw Wrong(root, "it has no kind"));
        if (devices.Count == 0)
            throw Wrong(root, "it has no devices");
        foreach ((Version since, string what, YamlNode node) in parts)
        {
            if (since > number)
                throw Wrong(node, $"{what} needs cdiVersion {since} or later, and it is {number}");
        }

        if (withoutEdits is not null)
            throw Wrong(withoutEdits, "a device has no edits: it would give a program nothing");
        return new CdiSpec(file, number.ToString(), name, devices, edits);
    }

    string Kind(YamlNode node)
    {
        string kind = Text(node, "kind");
        int slash = kind.IndexOf('/');
        if (slash < 0)
            throw Wrong(node, $"kind {PathBytes.Printable(kind)} is not VENDOR/CLASS");
        if ((CdiName.WhyNoPart(kind[..slash], "vendor") ?? CdiName.WhyNoPart(kind[(slash + 1)..], "class")) is { } reason)
            throw Wrong(node, $"kind {PathBytes.Printable(kind)}: {reason}");
        if (kind.AsSpan(slash).Contains('.'))
            parts.Add((CdiVersion.DotInClass, "a class with a dot", node));
        return kind;
    }

    readonly HashSet<string> names = new(StringComparer.Ordinal);
    YamlNode? withoutEdits;

    CdiDevice Device(YamlNode node)
    {
        string? name = null;
        CdiEdits edits = CdiEdits.None;
        bool hasEdits = false;
        Map(node, "a device", (field, value) => field switch
        {
            "name" => Do(() => name = DeviceName(value)),
            "annotations" => Do(() => Annotations(value)),
            "containeredits" => Do(() => (edits, hasEdits) = (Edits(value), SaysSomething(value))),
            _ => false,
        });
        if (!hasEdits)
            withoutEdits ??= node;
        return new CdiDevice(name ?? throw Wrong(node, "a device has no name"), edits);
    }

    string DeviceName(YamlNode node)
    {
        string name = Text(node, "name");
        if (CdiName.WhyNoName(name) is { } reason)
            throw Wrong(node, $"device {PathBytes.Printable(name)}: {reason}");
        if (!names.Add(name))
            throw Wrong(node, $"there are two devices {PathBytes.Printable(name)}");
        if (char.IsAsciiDigit(name[0]))
            parts.Add((CdiVersion.DigitFirst, "a device's name that begins with a digit", node));
        return name;
    }

    /// <summary>They mean nothing to a launch.</summary>
    void Annotations(YamlNode node)
    {
        if (node.IsNull)
            return;
        Map(node, "annotations", (_, value) => Do(() => Text(value, "an annotation")), lower: false);
        if (node.Members!.Count > 0)
            parts.Add((CdiVersion.Annotations, "annotations", node));
    }

    /// <summary>Calls for each member; false of it is an unknown name. Names count in any case, as in the reference library.</summary>
    void Map(YamlNode node, string what, Func<string, YamlNode, bool> member, bool lower = true)
    {
        if (node.IsNull)
            return;
        if (node.Members is null)
            throw Wrong(node, $"{what} must be a map");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in node.Members)
        {
            string name = key.Scalar ?? throw Wrong(key, $"{what} has a key that is no word");
            if (!seen.Add(lower ? name.ToLowerInvariant() : name))
                throw Wrong(key, $"{PathBytes.Printable(name)} is given more than once");
            if (!member(lower ? name.ToLowerInvariant() : name, value))
                throw Wrong(key, $"{what} has a field {PathBytes.Printable(name)}, which CDI does not have");
        }
    }

    static bool Do(Action action)
    {
        action();
        return true;
    }

    List<T> List<T>(YamlNode node, string what, Func<YamlNode, T> read)
    {
        if (node.IsNull)
            return [];
        if (node.Items is null)
            throw Wrong(node, $"{what} must be a list");
        return node.Items.ConvertAll(item => read(item));
    }

    List<string> Texts(YamlNode node, string what) => List(node, what, item => Text(item, what));

    /// <summary>A number without quotation marks is taken for its text, as the reference library does.</summary>
    string Text(YamlNode node, string what)
    {
        if (node.IsNull)
            return "";
        string text = node.Scalar ?? throw Wrong(node, $"{what} must be a text");
        return !text.Contains('\0') ? text : throw Wrong(node, $"{what} has a NUL byte");
    }

    string Required(YamlNode node, string what) => Text(node, what) is { Length: > 0 } text ? text : throw Wrong(node, $"{what} is empty");

    long Number(YamlNode node, string what, long least, long most)
    {
        if (node.IsNull)
            return 0;
        return node.IsPlain && Integer(node.Scalar!) is { } number
            ? number >= least && number <= most ? number : throw Wrong(node, $"{what} must be between {least} and {most}")
            : throw Wrong(node, $"{what} must be a number");
    }

    /// <summary>YAML's decimal, octal (0666 and 0o666) and hexadecimal numbers.</summary>
    static long? Integer(string text)
    {
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        bool prefixed = digits.Length > 1 && digits[0] == '0';
        int radix = !prefixed ? 10 : digits[1] is 'x' or 'X' ? 16 : 8;
        if (prefixed)
            digits = digits[1] is 'x' or 'X' or 'o' or 'O' ? digits[2..] : digits[1..];
        if (digits.Length is 0 or > 18)
            return null;
        long number = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || number > (long.MaxValue >> 4))
                return null;
            number = number * radix + digit;
        }

        return negative ? -number : number;
    }

    bool Boolean(YamlNode node, string what) =>
        node.IsPlain && node.Scalar is "true" or "True" or "TRUE" ? true
        : node.IsNull || (node.IsPlain && node.Scalar is "false" or "False" or "FALSE") ? false
        : throw Wrong(node, $"{what} must be true or false");

    DecantException Wrong(YamlNode node, string reason) =>
        new($"{PathBytes.Printable(file)}:{node.Line.ToString(CultureInfo.InvariantCulture)}:{node.Column.ToString(CultureInfo.InvariantCulture)}: {reason}");
}
