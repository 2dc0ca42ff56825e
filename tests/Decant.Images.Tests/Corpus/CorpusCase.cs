using System.Globalization;
using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Layers, and what becomes of them: one directory of tests/corpus.</summary>
sealed record CorpusCase(string Name, string What, string Rule, CorpusExpectation Expect, IReadOnlyList<byte[]> Layers, IReadOnlyList<CorpusEntry> Tree)
{
    public const string File = "case.json";

    /// <summary>Content above this is told by its digest.</summary>
    const int LongContent = 100;

    public string Word => Expect.ToString().ToLowerInvariant();

    /// <summary>The case's files by name: case.json, and 1.tar, 2.tar, the lowest layer first.</summary>
    public Dictionary<string, byte[]> Files()
    {
        Dictionary<string, byte[]> files = new() { [File] = Encoding.ASCII.GetBytes(ToJson()) };
        for (int i = 0; i < Layers.Count; i++)
            files[LayerFile(i)] = Layers[i];
        return files;
    }

    static string LayerFile(int layer) => $"{(layer + 1).ToString(CultureInfo.InvariantCulture)}.tar";

    /// <summary>Written by hand: names that are not UTF-8 are lone surrogates, as Python's os.fsdecode has them, which serializers refuse.</summary>
    string ToJson()
    {
        StringBuilder json = new();
        json.Append("{\n");
        json.Append($"  \"name\": {Quote(Name)},\n");
        json.Append($"  \"what\": {Quote(What)},\n");
        json.Append($"  \"rule\": {Quote(Rule)},\n");
        json.Append($"  \"expect\": {Quote(Word)},\n");
        json.Append($"  \"layers\": [{string.Join(", ", Enumerable.Range(0, Layers.Count).Select(i => Quote(LayerFile(i))))}]");
        if (Expect != CorpusExpectation.Refuse)
        {
            json.Append(",\n  \"tree\": [");
            json.Append(string.Join(",", Tree.OrderBy(entry => entry.Path, StringComparer.Ordinal).Select(entry => "\n    " + ToJson(entry))));
            json.Append(Tree.Count == 0 ? "]" : "\n  ]");
        }

        return json.Append("\n}\n").ToString();
    }

    static string ToJson(CorpusEntry entry)
    {
        List<string> members = [$"\"path\": {Quote(entry.Path)}", $"\"type\": {Quote(entry.Type)}"];
        if (entry.Mode is uint mode)
            members.Add($"\"mode\": \"{Convert.ToString(mode, 8).PadLeft(4, '0')}\"");
        if (entry.SameAs is null)
            members.Add($"\"owner\": \"{entry.Uid}:{entry.Gid}\"");
        if (entry.Target is not null)
            members.Add($"\"target\": {Quote(entry.Target)}");
        if (entry.SameAs is not null)
            members.Add($"\"same\": {Quote(entry.SameAs)}");
        if (entry.Content is not null)
            members.Add(entry.Content.Length > LongContent ? $"\"sha256\": \"{Digest.Sha256(entry.Content).Hex}\"" : $"\"content\": {Quote(Encoding.Latin1.GetString(entry.Content))}");
        if (entry.Size is long size)
            members.Add($"\"size\": {size}");
        if (entry.Device is (uint major, uint minor))
            members.Add($"\"device\": \"{major}:{minor}\"");
        if (entry.Modified is UnixTime time)
            members.Add($"\"mtime\": \"{time.Seconds}.{time.Nanoseconds:d9}\"");
        if (entry.Xattrs.Length > 0)
            members.Add($"\"xattrs\": {{{string.Join(", ", entry.Xattrs.Select(xattr => $"{Quote(xattr.Name)}: \"{Convert.ToHexStringLower(xattr.Value)}\""))}}}");
        return $"{{ {string.Join(", ", members)} }}";
    }

    static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is < ' ' or > '~')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
