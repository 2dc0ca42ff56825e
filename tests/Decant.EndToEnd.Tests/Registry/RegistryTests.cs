using System.Text.Json.Nodes;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>A real registry on loopback, with and without TLS and passwords.</summary>
public sealed class RegistryTests
{
    [Fact]
    public void An_image_is_pulled_and_run()
    {
        using DockerRegistry registry = new(tls: false, login: false);
        using RegistryRoom room = new();
        string name = $"{registry.Host}/lab/hello:1";
        room.Decant("pull", registry.Image).ExpectOutput(name + "\n");
        room.Decant("run", name).ExpectOutput("hello\n");
        // By digest it is the same image, and all of it is there.
        JsonNode inspected = JsonNode.Parse(room.Decant("inspect", "--json", name).Expect(0).OutputBytes)!;
        string digest = Shell.Run($"skopeo inspect --tls-verify=false --format '{{{{.Digest}}}}' {registry.Image}").Expect(0).Output.Trim();
        Assert.Contains(digest, inspected.ToJsonString());
        room.Decant("pull", $"docker://{registry.Host}/lab/hello@{digest}", "same").ExpectOutput("same\n");
    }

    [Fact]
    public void What_run_has_fetched_once_it_does_not_ask_for_again()
    {
        using RegistryRoom room = new();
        string image;
        using (DockerRegistry registry = new(tls: false, login: false))
        {
            image = registry.Image;
            room.Decant("run", image).ExpectOutput("hello\n");
        }

        room.Decant("run", image).ExpectOutput("hello\n");
        room.Decant("pull", image).ExpectError(125, "connection refused");
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        using DockerRegistry registry = new(tls: false, login: false);
        using RegistryRoom room = new();
        room.Decant("pull", $"docker://{registry.Host}/lab/hello:2").ExpectError(125, "has no manifest lab/hello:2");
        room.Decant("pull", $"docker://{registry.Host}/lab/nobody").ExpectError(125, "has no manifest lab/nobody:latest");
        room.ExpectEmptyStore();
    }

    [Fact]
    public void A_login_is_proved_kept_used_and_forgotten()
    {
        using DockerRegistry registry = new(tls: false, login: true);
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).ExpectError(125, "wants a login", $"decant login {registry.Host}");
        room.DecantWithInput("wrong\n", "login", "-u", DockerRegistry.User, "--password-stdin", registry.Host).ExpectError(125, "does not take the user alice");
        Assert.False(File.Exists(room.DockerFile));

        room.Write(room.DockerFile, """{"HttpHeaders":{"X":"1"},"auths":{"other.example":{"auth":"dTpw"}},"detachKeys":"ctrl-e,e","n":1.50}""");
        room.DecantWithInput(DockerRegistry.Password + "\n", "login", "-u", DockerRegistry.User, "--password-stdin", registry.Host).Expect(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(room.DockerFile));
        string written = File.ReadAllText(room.DockerFile);
        Assert.All(["\"X\": \"1\"", "dTpw", "ctrl-e,e", "1.50"], kept => Assert.Contains(kept, written));
        room.Decant("pull", registry.Image).Expect(0);
        // skopeo reads what decant wrote.
        Shell.Run($"skopeo inspect --tls-verify=false --authfile {room.DockerFile} {registry.Image}").Expect(0);

        room.Decant("logout", registry.Host).Expect(0);
        room.Decant("pull", registry.Image).ExpectError(125, "wants a login");
        Assert.Contains("dTpw", File.ReadAllText(room.DockerFile));
        room.Decant("logout", registry.Host).ExpectError(125, "nothing to forget");
    }

    [Fact]
    public void Credentials_of_podman_and_skopeo_are_found_the_most_specific_first()
    {
        using DockerRegistry registry = new(tls: false, login: true);
        using RegistryRoom room = new();
        string good = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        room.Write(room.PodmanFile, $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"dTpw"},"{{{registry.Host}}}/lab":{"auth":"{{{good}}}"} } }""");
        room.Decant("pull", registry.Image).Expect(0);
        room.Write(room.PodmanFile, $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"{{{good}}}"},"{{{registry.Host}}}/lab":{"auth":"dTpw"} } }""");
        room.Decant("pull", registry.Image).ExpectError(125, "does not take the credentials", "auth.json");
    }

    [Fact]
    public void A_credential_helper_is_asked_and_told()
    {
        using DockerRegistry registry = new(tls: false, login: true);
        using RegistryRoom room = new();
        room.AddProgram("docker-credential-drawer",
            $$"""
            #!/bin/sh
            case $1 in
              store) cat > {{room.Path("drawer")}} ;;
              get)
                [ "$(cat)" = {{registry.Host}} ] || exit 9
                [ -e {{room.Path("drawer")}} ] || { echo "credentials not found in native keychain"; exit 1; }
                cat {{room.Path("drawer")}} ;;
              erase) rm {{room.Path("drawer")}} ;;
            esac
            """);
        room.Write(room.DockerFile, $$$"""{"credHelpers":{"{{{registry.Host}}}":"drawer"}}""");
        room.Decant("pull", registry.Image).ExpectError(125, "wants a login");
        room.DecantWithInput(DockerRegistry.Password, "login", "-u", DockerRegistry.User, "--password-stdin", registry.Host).Expect(0);
        Assert.DoesNotContain("\"auth\"", File.ReadAllText(room.DockerFile));
        Assert.Contains("secret with spaces", File.ReadAllText(room.Path("drawer")));
        room.Decant("pull", registry.Image).Expect(0);
        room.Decant("logout", registry.Host).Expect(0);
        Assert.False(File.Exists(room.Path("drawer")));
    }

    [Fact]
    public void A_certificate_is_checked_unless_the_configuration_says_otherwise()
    {
        using DockerRegistry registry = new(tls: true, login: true);
        string host = $"[registries.\"{registry.Host}\"]\n";
        using (RegistryRoom room = new())
            room.Decant("pull", registry.Image).ExpectError(125, "signed by no authority", "ca = \"FILE\"");
        foreach (string settings in new[] { $"ca = \"{registry.CaFile}\"", "insecure = true" })
        {
            using RegistryRoom room = new(host + settings);
            room.Decant("pull", registry.Image).ExpectError(125, "wants a login");
            room.DecantWithInput(DockerRegistry.Password, "login", "-u", DockerRegistry.User, "--password-stdin", registry.Host).Expect(0);
            room.Decant("export", registry.Image, "oci:" + room.Path("exported")).Expect(0);
            room.Decant("pull", registry.Image, "x").ExpectOutput("x\n");
            room.Decant("run", "x").ExpectOutput("hello\n");
        }
    }
}
