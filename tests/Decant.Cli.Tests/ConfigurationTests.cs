using System.Text;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void Every_key_is_read()
    {
        Configuration configuration = Read(
            """
            root = "/store"
            volumes = [
              "/data:/data:ro",   # a comment
              '/home:/home',
            ]
            env = ["A=1", "B"]
            limits = ["entries=5000", "bytes=2g", "ratio=0"]
            cdi = ["/opt/cdi"]

            [run]
            shm-size = "2g"
            memory = 1048576
            cpus = 1.5
            read-only = true
            ulimits = ["nofile=1024:4096"]
            """);
        Assert.Equal("/store", configuration.Root);
        Assert.Equal(["/data", "/home"], configuration.Volumes.Select(volume => volume.Target));
        Assert.Equal([new("A", "1", "configuration f.toml"), new("B", null, "configuration f.toml")], configuration.Env);
        Assert.Equal(new ImageLimits { Entries = 5000, Bytes = 2L << 30, Ratio = long.MaxValue }, configuration.Limits);
        Assert.Equal(2L << 30, configuration.SharedMemoryBytes);
        Assert.Equal("/opt/cdi", configuration.CdiDirectories[^1]);
        Assert.Equal(["/etc/cdi", "/var/run/cdi"], configuration.CdiDirectories.Take(2));
        Assert.Equal(1 << 20, configuration.MemoryBytes);
        Assert.Equal(1.5, configuration.Cpus);
        Assert.True(configuration.ReadOnly);
        Assert.Equal([new UlimitRequest("nofile", 1024, 4096)], configuration.Ulimits);
    }

    [Fact]
    public void Tables_may_be_written_in_every_way_that_toml_has()
    {
        Assert.Equal(3, Read("run.cpus = 3").Cpus);
        Assert.Equal(3, Read("run = { cpus = 3, read-only = false }").Cpus);
        Assert.Equal("/s", Read("run = { cpus = 3 }\nroot = '/s'").Root);
    }

    [Fact]
    public void What_is_said_about_registries_is_read_whatever_the_way_it_is_written()
    {
        string[] spellings =
        [
            "[pull]\ndownloads = 5\nstall-seconds = 7\n[registries.\"Lab:5000\"]\ninsecure = true\nmirrors = ['m:1/a/b/', 'n']\n[registries.'index.docker.io']\nca = '/c'\n[run]\ncpus = 1",
            "registries.'lab:5000' = { insecure = true, mirrors = ['m:1/a/b', 'n'] }\nregistries.'docker.io'.ca = '/c'\npull.downloads = 5\npull.stall-seconds = 7\nrun.cpus = 1",
        ];
        foreach (string text in spellings)
        {
            Configuration configuration = Read(text);
            RegistrySettings registries = configuration.Registries!;
            Assert.Equal(1, configuration.Cpus);
            Assert.Equal((5, TimeSpan.FromSeconds(7)), (registries.ParallelDownloads, registries.StallTimeout));
            Assert.True(registries.Hosts["lab:5000"].Insecure);
            Assert.Equal(["m:1/a/b", "n"], registries.Hosts["lab:5000"].Mirrors);
            Assert.Equal("/c", registries.Hosts["docker.io"].CaFile);
            Assert.False(registries.Hosts["docker.io"].Insecure);
        }
    }

    [Fact]
    public void An_empty_file_says_nothing() => Assert.Equal(new Configuration(), Read(""));

    [Fact]
    public void A_later_file_adds_to_lists_and_replaces_single_values()
    {
        Configuration system = Read("root = '/system'\nvolumes = ['/a:/a']\n[run]\ncpus = 1");
        Configuration user = ConfigurationFile.Read(Encoding.UTF8.GetBytes("root = '/user'\nvolumes = ['/b:/b']"), "user.toml", system);
        Assert.Equal("/user", user.Root);
        Assert.Equal(["/a", "/b"], user.Volumes.Select(volume => volume.Target));
        Assert.Equal(1, user.Cpus);
    }

    [Theory]
    [InlineData("rot = '/x'", "f.toml:1:1: decant has no key rot; did you mean root?")]
    [InlineData("\n[run]\n  memry = '1g'", "f.toml:3:3: [run] has no key memry; did you mean memory?")]
    [InlineData("[runs]\ncpus = 1", "f.toml:1:2: decant has no key runs; did you mean run?")]
    [InlineData("root = 3", "f.toml:1:1: root must be a string")]
    [InlineData("root = 'x'", "f.toml:1:1: root must be an absolute path")]
    [InlineData("run = 3", "f.toml:1:1: run must be a table: [run]")]
    [InlineData("volumes = '/a:/b'", "f.toml:1:1: volumes must be an array of strings")]
    [InlineData("volumes = ['/a:/b',\n  3]", "f.toml:2:3: volumes must be an array of strings")]
    [InlineData("volumes = ['/a:/b',\n  'data:/b']", "f.toml:2:3: volumes: data:/b: data is the name of a volume")]
    [InlineData("[run]\nread-only = 'yes'", "f.toml:2:1: run.read-only must be true or false")]
    [InlineData("[run]\ncpus = '1'", "f.toml:2:1: run.cpus must be a number")]
    [InlineData("[run]\nmemory = '1q'", "f.toml:2:1: run.memory: 1q: 1q is not a size")]
    [InlineData("[run]\nmemory = -1", "f.toml:2:1: run.memory must not be negative")]
    [InlineData("registries = 1", "f.toml:1:1: registries must be a table of tables")]
    [InlineData("[registries]\n'a:1' = 1", "f.toml:2:1: registries.\"a:1\" must be a table")]
    [InlineData("[registries.'a/b']\nca = '/x'", "f.toml:1:13: registries.\"a/b\": a/b: \"a/b\" is not a registry's host")]
    [InlineData("[registries.a]\ncert = '/x'", "f.toml:2:1: [registries.\"a\"] has no key cert")]
    [InlineData("[registries.a]\nca = 'x'", "f.toml:2:1: registries.\"a\".ca must be an absolute path")]
    [InlineData("[registries.a]\ninsecure = 1", "f.toml:2:1: registries.\"a\".insecure must be true or false")]
    [InlineData("[registries.a]\nmirrors = ['https://x']", "f.toml:2:12: registries.\"a\".mirrors: https://x:")]
    [InlineData("[pull]\ndownloads = 0", "f.toml:2:1: pull.downloads must be between 1 and 64")]
    [InlineData("[run]\nulimits = ['files=1']", "f.toml:2:12: run.ulimits: files=1: there is no limit files")]
    public void A_mistake_is_shown_with_file_line_column_and_key(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<DecantException>(() => Read(text)).Message);

    [Theory]
    [InlineData("root = '/x", "f.toml:1:")]
    [InlineData("root = '/x'\nroot = '/y'", "f.toml:2:")]
    [InlineData("\n= 3", "f.toml:2:")]
    public void A_file_that_is_not_toml_is_shown_with_the_place(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<DecantException>(() => Read(text)).Message);

    [Theory]
    [InlineData("env = [\"A=\\q\"]")]
    [InlineData("root = \"abc\nenv = []")]
    [InlineData("root = 'abc")]
    [InlineData("root = \"\"\"abc")]
    public void A_broken_string_is_one_error_of_one_line(string text)
    {
        DecantException e = Assert.Throws<DecantException>(() => Read(text));
        Assert.Matches("^f\\.toml:1:[0-9]+: [^\n]+$", e.Message);
        Assert.DoesNotContain("error :", e.Message);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused() =>
        Assert.Equal(
            "f.toml: byte 1 is not UTF-8, as TOML must be",
            Assert.Throws<DecantException>(() => ConfigurationFile.Read([(byte)'#', 0xff], "f.toml", new Configuration())).Message);

    static Configuration Read(string text) => ConfigurationFile.Read(Encoding.UTF8.GetBytes(text), "f.toml", new Configuration());
}
