using Decant.Images;
using Decant.Linux;
using Tomlyn.Parsing;

namespace Decant.Cli;

/// <summary>What is said about registries and pulls.</summary>
sealed partial class ConfigurationFile
{
    static readonly string[] PullKeys = ["downloads", "stall-seconds"];
    static readonly string[] RegistryKeys = ["insecure", "mirrors", "ca"];

    /// <summary>More connections at once than a registry would bear.</summary>
    const int MostDownloads = 64;

    RegistrySettings Registries
    {
        get => configuration.Registries ?? new RegistrySettings();
        set => configuration = configuration with { Registries = value };
    }

    void Pull()
    {
        if (key == "pull.downloads")
            Registries = Registries with { ParallelDownloads = (int)Integer(1, MostDownloads) };
        else
            Registries = Registries with { StallTimeout = TimeSpan.FromSeconds(Integer(1, 24 * 60 * 60)) };
    }

    long Integer(long least, long most)
    {
        Expect(TomlParseEventKind.Integer, "a number");
        long number = parser.Current.GetInt64();
        return number >= least && number <= most ? number : throw Wrong($"must be between {least} and {most}");
    }

    void Registry(string name)
    {
        string host = Parse(name, RegistryReference.CheckHost);
        Expect(TomlParseEventKind.StartTable, "a table: [registries.\"HOST\"]");
        Table(key + ".", RegistryKeys, member =>
        {
            RegistryHostSettings settings = Registries.Hosts.GetValueOrDefault(host) ?? new RegistryHostSettings();
            Registries = Registries with { Hosts = new Dictionary<string, RegistryHostSettings>(Registries.Hosts) { [host] = Member(settings, member) } };
        });
    }

    RegistryHostSettings Member(RegistryHostSettings settings, string member)
    {
        switch (member)
        {
            case "insecure":
                Expect(TomlParseEventKind.Boolean, "true or false");
                return settings with { Insecure = parser.Current.GetBoolean() };
            case "ca":
                string file = String("a string");
                return settings with { CaFile = file.StartsWith('/') ? file : throw Wrong("must be an absolute path") };
            default:
                return settings with { Mirrors = List(settings.Mirrors, Mirror) };
        }
    }

    /// <summary>HOST[:PORT][/PREFIX].</summary>
    static string Mirror(string text)
    {
        int slash = text.IndexOf('/');
        string host = RegistryReference.CheckHost(slash < 0 ? text : text[..slash]);
        if (slash < 0)
            return host;
        string prefix = text[(slash + 1)..].TrimEnd('/');
        try
        {
            RegistryReference.Parse($"localhost/{prefix}/x");
        }
        catch (DecantException e)
        {
            throw new DecantException($"{PathBytes.Printable(prefix)} is not the beginning of a name", "write HOST or HOST/PREFIX, without https://", e);
        }

        return $"{host}/{prefix}";
    }
}
