using System.Globalization;
using System.Text;
using Decant.Linux;
using Tomlyn;
using Tomlyn.Parsing;

namespace Decant.Cli;

/// <summary>Reads one configuration file event by event. Whatever it does not know or expect is an error with file, line, column and key.</summary>
sealed partial class ConfigurationFile
{
    static readonly string[] TopKeys = ["root", "owners", "volumes", "env", "limits", "cdi", "run", "pull", "registries"];
    static readonly string[] RunKeys = ["shm-size", "memory", "cpus", "read-only", "ulimits"];

    readonly TomlParser parser;
    readonly string file;
    readonly HashSet<string> seen = [];
    Configuration configuration;
    string key = "";
    int keyLine;
    int keyColumn;

    ConfigurationFile(TomlParser parser, string file, Configuration below)
    {
        this.parser = parser;
        this.file = file;
        configuration = below;
    }

    /// <param name="below">What files of lower rank said.</param>
    public static Configuration Read(byte[] bytes, string file, Configuration below)
    {
        try
        {
            TomlParser parser = TomlParser.Create(Text(bytes, file), new TomlParserOptions { Mode = TomlParserMode.Strict, DecodeScalars = true });
            ConfigurationFile reader = new(parser, file, below);
            reader.Document();
            return reader.configuration;
        }
        catch (TomlException e)
        {
            throw new DecantException($"{PathBytes.Printable(file)}:{e.Line ?? 0}:{e.Column ?? 0}: {Reason(e)}", null, e);
        }
    }

    static string Text(byte[] bytes, string file)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new DecantException($"{PathBytes.Printable(file)}: byte {e.Index} is not UTF-8, as TOML must be", null, e);
        }
    }

    /// <summary>
    /// Tomlyn's message without the place, which stands before it already. Of several lines the first: the others are what followed
    /// from it.
    /// </summary>
    static string Reason(TomlException e)
    {
        string message = e.Message;
        int error = message.IndexOf("error : ", StringComparison.Ordinal);
        string reason = error < 0 ? message : message[(error + 8)..];
        return reason.Split('\n', 2)[0].TrimEnd();
    }

    void Document()
    {
        parser.MoveNext();
        parser.MoveNext();
        Table("", TopKeys, _ => Value());
    }

    /// <summary>The table's keys until its end, each with its value read by <paramref name="read"/>.</summary>
    /// <param name="known">The keys that there are; null where any name may be one.</param>
    void Table(string prefix, string[]? known, Action<string> read)
    {
        while (parser.MoveNext() && parser.Current.Kind == TomlParseEventKind.PropertyName)
        {
            string name = parser.GetPropertyName();
            (keyLine, keyColumn) = (parser.Current.Line, parser.Current.Column);
            if (known is not null && Array.IndexOf(known, name) < 0)
                throw Unknown(name, prefix, known);
            key = prefix + (known is null ? $"\"{PathBytes.Printable(name)}\"" : name);
            // The parser of events leaves it to its reader to see a key twice, which TOML forbids.
            if (!seen.Add(key))
                throw Wrong("is given more than once");
            parser.MoveNext();
            read(name);
        }
    }

    void Value()
    {
        switch (key)
        {
            case "root":
                string root = String("a string");
                configuration = configuration with { Root = root.StartsWith('/') && !root.Contains('\0') ? root : throw Wrong("must be an absolute path") };
                break;
            case "volumes":
                configuration = configuration with { Volumes = [.. List(configuration.Volumes, VolumeText.Parse)] };
                break;
            case "owners":
                configuration = configuration with
                {
                    MapsOwners = String("\"mapped\" or \"folded\"") switch
                    {
                        "mapped" => true,
                        "folded" => false,
                        _ => throw Wrong("must be \"mapped\" or \"folded\""),
                    },
                };
                break;
            case "env":
                string origin = "configuration " + file;
                configuration = configuration with { Env = [.. List(configuration.Env, text => EnvText.Parse(text, origin))] };
                break;
            case "limits":
                foreach ((string limit, long value) in List([], LimitText.Parse))
                    configuration = configuration with { Limits = configuration.Limits.With(limit, value) };
                break;
            case "cdi":
                configuration = configuration with { Cdi = [.. List(configuration.Cdi, HostPath.Target)] };
                break;
            case "run":
                Expect(TomlParseEventKind.StartTable, "a table: [run]");
                Table("run.", RunKeys, _ => Value());
                break;
            case "pull":
                Expect(TomlParseEventKind.StartTable, "a table: [pull]");
                Table("pull.", PullKeys, _ => Pull());
                break;
            case "registries":
                Expect(TomlParseEventKind.StartTable, "a table of tables: [registries.\"HOST\"]");
                Table("registries.", null, Registry);
                break;
            case "run.shm-size":
                configuration = configuration with { SharedMemoryBytes = Size() };
                break;
            case "run.memory":
                configuration = configuration with { MemoryBytes = Size() };
                break;
            case "run.cpus":
                configuration = configuration with { Cpus = Number() };
                break;
            case "run.read-only":
                Expect(TomlParseEventKind.Boolean, "true or false");
                configuration = configuration with { ReadOnly = parser.Current.GetBoolean() };
                break;
            case "run.ulimits":
                configuration = configuration with { Ulimits = [.. List(configuration.Ulimits, UlimitText.Parse)] };
                break;
        }
    }

    string String(string what)
    {
        Expect(TomlParseEventKind.String, what);
        return parser.GetString();
    }

    long? Size()
    {
        if (parser.Current.Kind == TomlParseEventKind.Integer)
        {
            long bytes = parser.Current.GetInt64();
            return bytes >= 0 ? (bytes == 0 ? null : bytes) : throw Wrong("must not be negative");
        }

        string text = String("a size: a string such as \"2g\", or bytes");
        return Parse(text, ByteSize.Parse) is > 0 and long size ? size : null;
    }

    double? Number()
    {
        if (parser.Current.Kind is not (TomlParseEventKind.Integer or TomlParseEventKind.Float))
            throw Wrong("must be a number");
        string text = parser.Current.Kind == TomlParseEventKind.Integer
            ? parser.Current.GetInt64().ToString(CultureInfo.InvariantCulture)
            : parser.Current.GetDouble().ToString(CultureInfo.InvariantCulture);
        return Parse(text, CpuCount.Parse);
    }

    List<T> List<T>(IReadOnlyList<T> below, Func<string, T> parse)
    {
        List<T> list = [.. below];
        Expect(TomlParseEventKind.StartArray, "an array of strings");
        while (parser.MoveNext() && parser.Current.Kind != TomlParseEventKind.EndArray)
        {
            (keyLine, keyColumn) = (parser.Current.Line, parser.Current.Column);
            list.Add(Parse(String("an array of strings"), parse));
        }

        return list;
    }

    T Parse<T>(string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (DecantException e)
        {
            throw new DecantException($"{Place()}: {key}: {PathBytes.Printable(text)}: {e.Message}", e.Fix, e);
        }
    }

    bool Expect(TomlParseEventKind kind, string what) => parser.Current.Kind == kind ? true : throw Wrong("must be " + what);

    DecantException Wrong(string why) => new($"{Place()}: {key} {why}");

    DecantException Unknown(string name, string prefix, string[] known)
    {
        string? nearest = Suggestion.Nearest(name, known);
        string where = prefix.Length > 0 ? $"[{prefix.TrimEnd('.')}] has" : "decant has";
        return new DecantException(
            $"{Place()}: {where} no key {PathBytes.Printable(name)}" + (nearest is null ? "" : $"; did you mean {nearest}?"),
            "the keys are " + string.Join(", ", known));
    }

    string Place() => $"{PathBytes.Printable(file)}:{keyLine}:{keyColumn}";
}
