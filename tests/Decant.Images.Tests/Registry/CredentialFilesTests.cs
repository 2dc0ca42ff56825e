using System.Text;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class CredentialFilesTests : IDisposable
{
    readonly Scratch scratch = new();
    readonly Dictionary<string, string> variables;

    public CredentialFilesTests() => variables = new()
    {
        ["HOME"] = scratch.Path("home"),
        ["XDG_RUNTIME_DIR"] = scratch.Path("runtime"),
    };

    public void Dispose() => scratch.Dispose();

    CredentialFiles Files => new(variables.GetValueOrDefault);

    string DockerFile => scratch.Path("home/.docker/config.json");

    string? Find(string host, string? repository = "a/b")
    {
        List<string> notes = [];
        RegistryCredential? found = Files.Find(host, repository, notes.Add);
        Assert.Empty(notes);
        return found is null ? null : $"{found.User}:{found.Password}";
    }

    static string Auth(string text) => $$$"""{"auth":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}}}"}""";

    [Fact]
    public void The_files_are_looked_through_in_the_order_of_podman()
    {
        Assert.Equal(["runtime/containers/auth.json", "home/.config/containers/auth.json", "home/.docker/config.json"], Files.Paths.Select(path => Path.GetRelativePath(scratch.Root, path)));
        variables["XDG_CONFIG_HOME"] = scratch.Path("config");
        variables["DOCKER_CONFIG"] = scratch.Path("docker");
        Assert.Equal(["runtime/containers/auth.json", "config/containers/auth.json", "docker/config.json"], Files.Paths.Select(path => Path.GetRelativePath(scratch.Root, path)));
        variables["REGISTRY_AUTH_FILE"] = scratch.Path("only");
        Assert.Equal([scratch.Path("only")], Files.Paths);
    }

    [Fact]
    public void The_first_file_with_an_entry_counts()
    {
        Assert.Null(Find("h.example"));
        scratch.Write("home/.docker/config.json", $$$"""{"auths":{"h.example":{{{Auth("docker:1")}}}}}""");
        Assert.Equal("docker:1", Find("h.example"));
        scratch.Write("runtime/containers/auth.json", $$$"""{"auths":{"other.example":{{{Auth("podman:2")}}}}}""");
        Assert.Equal("docker:1", Find("h.example"));
        scratch.Write("runtime/containers/auth.json", $$$"""{"auths":{"h.example":{{{Auth("podman:2")}}}}}""");
        Assert.Equal("podman:2", Find("h.example"));
    }

    [Theory]
    [InlineData("h.example/a/b", true)]
    [InlineData("h.example/a", true)]
    [InlineData("h.example", true)]
    [InlineData("https://h.example/v1/", true)]
    [InlineData("http://h.example", true)]
    [InlineData("H.example", true)]
    [InlineData("h.example/a/bc", false)]
    [InlineData("h.example/b", false)]
    [InlineData("h.example:5000", false)]
    [InlineData("example", false)]
    public void Keys_may_have_paths_and_schemes(string key, bool fits)
    {
        scratch.Write("home/.docker/config.json", $$$"""{"auths":{"{{{key}}}":{{{Auth("u:p")}}}}}""");
        Assert.Equal(fits ? "u:p" : null, Find("h.example"));
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/")]
    [InlineData("index.docker.io")]
    [InlineData("docker.io")]
    [InlineData("registry-1.docker.io")]
    public void Docker_hub_goes_by_all_its_names(string key)
    {
        scratch.Write("home/.docker/config.json", $$$"""{"auths":{"{{{key}}}":{{{Auth("u:p")}}}}}""");
        Assert.Equal("u:p", Find("docker.io", "library/debian"));
    }

    [Fact]
    public void The_most_specific_key_wins_whatever_the_order()
    {
        scratch.Write("home/.docker/config.json", $$$"""{"auths":{"h.example":{{{Auth("host:1")}}},"h.example/a/b":{{{Auth("exact:3")}}},"h.example/a":{{{Auth("prefix:2")}}}}}""");
        Assert.Equal("exact:3", Find("h.example"));
        Assert.Equal("prefix:2", Find("h.example", "a/c"));
        Assert.Equal("host:1", Find("h.example", "c"));
        Assert.Equal("host:1", Find("h.example", null));
    }

    [Fact]
    public void Tokens_stand_in_for_passwords()
    {
        scratch.Write("home/.docker/config.json", """{"auths":{"h.example":{"auth":"dTo=","identitytoken":"refresh"},"i.example":{"registrytoken":"bearer"},"j.example":{}}}""");
        Assert.Equal("refresh", Files.Find("h.example", null, _ => { })!.IdentityToken);
        Assert.Equal("bearer", Files.Find("i.example", null, _ => { })!.RegistryToken);
        Assert.Null(Find("j.example"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths":{},"auths":{}}""")]
    [InlineData("""{"auths":{"h.example":{"auth":"***"}}}""")]
    [InlineData("""{"auths":{"h.example":{"auth":"bm9jb2xvbg=="}}}""")]
    [InlineData("""{"credsStore":"no-such-helper"}""")]
    [InlineData("""{"credsStore":"../../bin/sh"}""")]
    public void A_file_that_cannot_be_used_is_named_and_left_out(string json)
    {
        scratch.Write("home/.docker/config.json", json);
        List<string> notes = [];
        Assert.Null(Files.Find("h.example", null, notes.Add));
        Assert.Contains(DockerFile, Assert.Single(notes));
    }

    [Fact]
    public void A_login_leaves_everything_else_as_it_was()
    {
        const string Before = """{"HttpHeaders":{"User-Agent":"x+y/<é>"},"auths":{"other.example":{"auth":"dTpw","extra":[1,2.50,null]}},"big":12345678901234567890,"credHelpers":{"third.example":"x"}}""";
        scratch.Write("home/.docker/config.json", Before);
        Assert.Equal(DockerFile, Files.Save("h.example:5000", "alice", "päss:word"));
        Assert.Equal("alice:päss:word", Find("h.example:5000", null));
        JsonNode after = JsonNode.Parse(File.ReadAllText(DockerFile))!;
        Assert.NotNull(after["auths"]!["h.example:5000"]);
        Assert.Equal([DockerFile], Files.Remove("h.example:5000"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Before), JsonNode.Parse(File.ReadAllText(DockerFile))));
        Assert.Contains("12345678901234567890", File.ReadAllText(DockerFile));
        Assert.Contains("2.50", File.ReadAllText(DockerFile));
        Assert.Empty(Files.Remove("h.example:5000"));
        Assert.Equal("config.json", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(DockerFile)!))));
    }

    [Fact]
    public void A_new_file_and_its_directory_are_for_their_owner_alone()
    {
        Assert.Equal(DockerFile, Files.Save("docker.io", "u", "p"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DockerFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(DockerFile)!));
        // The key that docker looks for.
        Assert.Contains("https://index.docker.io/v1/", File.ReadAllText(DockerFile));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        scratch.Write("real.json", "{}");
        scratch.MakeDirectory("home/.docker");
        scratch.Link("home/.docker/config.json", "../../real.json");
        Files.Save("h.example", "u", "p");
        Assert.NotNull(new FileInfo(DockerFile).LinkTarget);
        Assert.Contains("h.example", File.ReadAllText(scratch.Path("real.json")));
    }

    [Fact]
    public void A_login_goes_where_the_registry_has_an_entry()
    {
        scratch.Write("runtime/containers/auth.json", $$$"""{"auths":{"h.example":{{{Auth("old:1")}}}}}""");
        Assert.Equal(scratch.Path("runtime/containers/auth.json"), Files.Save("h.example", "new", "2"));
        Assert.Equal("new:2", Find("h.example"));
        Assert.Equal(DockerFile, Files.Save("other.example", "u", "p"));
    }

    [Fact]
    public void Nothing_is_written_over_a_damaged_file()
    {
        scratch.Write("home/.docker/config.json", "{ not json");
        Assert.Throws<DecantException>(() => Files.Save("h.example", "u", "p"));
        Assert.Equal("{ not json", File.ReadAllText(DockerFile));
    }
}
