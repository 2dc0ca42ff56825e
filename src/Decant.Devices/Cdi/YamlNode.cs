using Decant.Linux;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Decant.Devices;

/// <summary>A value of a YAML document, of which JSON is a part, and where it stands.</summary>
sealed class YamlNode
{
    /// <summary>More levels than any specification has; each is a call.</summary>
    const int MostLevels = 32;

    /// <summary>An alias stands for all that it names, and a small text may say it many times over.</summary>
    const int MostValues = 1 << 20;

    YamlNode(Mark mark) => (Line, Column) = (mark.Line, mark.Column);

    public long Line { get; }

    public long Column { get; }

    /// <summary>Null for lists and maps.</summary>
    public string? Scalar { get; private init; }

    /// <summary>How many values it is when all aliases are followed.</summary>
    int Values { get; set; } = 1;

    /// <summary>Without quotation marks, so that it may be a number, true, or null.</summary>
    public bool IsPlain { get; private init; }

    public bool IsNull => IsPlain && Scalar is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Of a list; else null.</summary>
    public List<YamlNode>? Items { get; private init; }

    /// <summary>Of a map; else null.</summary>
    public List<(YamlNode Key, YamlNode Value)>? Members { get; private init; }

    /// <summary>The first document of a text.</summary>
    /// <exception cref="DecantException">It is no YAML; file, line and column.</exception>
    public static YamlNode Parse(string text, string file)
    {
        Parser parser = new(new StringReader(text));
        try
        {
            // The start of the stream, and of the document.
            while (parser.MoveNext() && parser.Current is StreamStart or DocumentStart or Comment)
            {
            }

            if (parser.Current is null or StreamEnd or DocumentEnd)
                throw new DecantException($"{PathBytes.Printable(file)} is empty");
            return Node(parser, [], file, 0);
        }
        catch (YamlException e)
        {
            throw new DecantException($"{PathBytes.Printable(file)}:{e.Start.Line}:{e.Start.Column}: {PathBytes.Printable(e.Message)}", null, e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // So the library ends at some texts that are no YAML, such as a colon without a space in a map on one line.
            Mark mark = parser.Current?.End ?? Mark.Empty;
            throw new DecantException($"{PathBytes.Printable(file)}:{mark.Line}:{mark.Column}: what follows is no YAML", null, e);
        }
    }

    /// <summary>Reads the current event and what belongs to it; stays on its last.</summary>
    static YamlNode Node(Parser parser, Dictionary<string, YamlNode> anchors, string file, int level)
    {
        ParsingEvent current = parser.Current!;
        if (level > MostLevels)
            throw Wrong(file, current.Start, $"more than {MostLevels} levels");
        YamlNode node;
        AnchorName anchor = current is NodeEvent named ? named.Anchor : AnchorName.Empty;
        switch (current)
        {
            case AnchorAlias alias:
                return anchors.TryGetValue(alias.Value.Value, out YamlNode? known) ? known : throw Wrong(file, current.Start, $"there is no anchor {PathBytes.Printable(alias.Value.Value)}");
            case Scalar scalar:
                node = new YamlNode(current.Start) { Scalar = scalar.Value, IsPlain = scalar.Style == ScalarStyle.Plain };
                break;
            case SequenceStart:
                node = new YamlNode(current.Start) { Items = [] };
                while (Next(parser) is not SequenceEnd)
                    node.Items.Add(node.Counted(Node(parser, anchors, file, level + 1), file));
                break;
            case MappingStart:
                node = new YamlNode(current.Start) { Members = [] };
                while (Next(parser) is not MappingEnd)
                {
                    YamlNode key = Node(parser, anchors, file, level + 1);
                    Next(parser);
                    node.Members.Add((key, node.Counted(Node(parser, anchors, file, level + 1), file)));
                }

                break;
            default:
                throw Wrong(file, current.Start, "no value is here");
        }

        if (!anchor.IsEmpty)
            anchors[anchor.Value] = node;
        return node;
    }

    YamlNode Counted(YamlNode part, string file)
    {
        Values += part.Values;
        return Values <= MostValues ? part : throw new DecantException($"{PathBytes.Printable(file)}:{Line}:{Column}: more than {MostValues} values");
    }

    static ParsingEvent Next(Parser parser)
    {
        do
            parser.MoveNext();
        while (parser.Current is Comment);
        return parser.Current!;
    }

    static DecantException Wrong(string file, Mark mark, string reason) => new($"{PathBytes.Printable(file)}:{mark.Line}:{mark.Column}: {reason}");
}
