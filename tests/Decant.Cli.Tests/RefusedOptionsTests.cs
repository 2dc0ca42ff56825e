using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class RefusedOptionsTests
{
    /// <summary>The long options that <c>docker run --help</c> of docker 29 lists, and the hidden ones that its parser knows.</summary>
    static readonly string[] Docker =
    [
        "add-host", "annotation", "attach", "blkio-weight", "blkio-weight-device", "cap-add", "cap-drop", "cgroup-parent",
        "cgroupns", "cidfile", "cpu-count", "cpu-percent", "cpu-period", "cpu-quota", "cpu-rt-period", "cpu-rt-runtime",
        "cpu-shares", "cpus", "cpuset-cpus", "cpuset-mems", "detach", "detach-keys", "device", "device-cgroup-rule",
        "device-read-bps", "device-read-iops", "device-write-bps", "device-write-iops", "disable-content-trust", "dns",
        "dns-opt", "dns-option", "dns-search", "domainname", "entrypoint", "env", "env-file", "expose", "gpus", "group-add",
        "health-cmd", "health-interval", "health-retries", "health-start-interval", "health-start-period", "health-timeout",
        "help", "hostname", "init", "interactive", "io-maxbandwidth", "io-maxiops", "ip", "ip6", "ipc", "isolation",
        "kernel-memory", "label", "label-file", "link", "link-local-ip", "log-driver", "log-opt", "mac-address", "memory",
        "memory-reservation", "memory-swap", "memory-swappiness", "mount", "name", "net", "net-alias", "network",
        "network-alias", "no-healthcheck", "oom-kill-disable", "oom-score-adj", "pid", "pids-limit", "platform", "privileged",
        "publish", "publish-all", "pull", "quiet", "read-only", "restart", "rm", "runtime", "security-opt", "shm-size",
        "sig-proxy", "stop-signal", "stop-timeout", "storage-opt", "sysctl", "tmpfs", "tty", "ulimit", "use-api-socket",
        "user", "userns", "uts", "volume", "volume-driver", "volumes-from", "workdir",
    ];

    [Fact]
    public void Every_option_of_docker_run_is_taken_or_refused_with_a_reason()
    {
        IReadOnlyList<CliOption> options = new RunCommand().Options;
        foreach (string name in Docker)
        {
            bool taken = name == "help" || options.Any(option => option.Name == name || option.Alias == name);
            Assert.True(taken != RefusedOptions.Find(name) is not null, name);
        }
    }

    [Fact]
    public void Nothing_is_refused_that_docker_does_not_have() =>
        Assert.Empty(RefusedOptions.All().Select(refusal => refusal.Name).Except(Docker));

    [Fact]
    public void No_letter_is_both_taken_and_refused()
    {
        IEnumerable<char> taken = new RunCommand().Options.Select(option => option.Letter);
        IEnumerable<char> refused = RefusedOptions.All().Select(refusal => refusal.Letter).Where(letter => letter != '\0');
        Assert.Empty(taken.Intersect(refused));
    }

    [Theory]
    [InlineData("-d=false")]
    [InlineData("-itd=0")]
    [InlineData("--detach=F")]
    [InlineData("--privileged=false")]
    [InlineData("--sig-proxy")]
    [InlineData("--sig-proxy=true")]
    [InlineData("--quiet=false")]
    public void A_flag_with_dockers_default_is_taken(string word) =>
        Assert.Equal(["img", "true"], ArgumentMatcher.Match(new RunCommand(), [word, "img", "true"]).Operands);

    [Theory]
    [InlineData("-d", "-d is not for native runs: there is no daemon to hold it", "use your shell: decant run ... &")]
    [InlineData("--detach=true", "--detach is not for native runs: there is no daemon to hold it", "use your shell: decant run ... &")]
    [InlineData("-itd", "-d is not for native runs: there is no daemon to hold it", "use your shell: decant run ... &")]
    [InlineData("-p8080:80", "-p is not for native runs: the program has the host's network, so its ports are open already", "leave it out, and let the program listen on the port you want")]
    [InlineData("-d=maybe", "-d is not for native runs: there is no daemon to hold it", "use your shell: decant run ... &")]
    [InlineData("--sig-proxy=false", "--sig-proxy is not for native runs: signals always reach the program", "leave it out")]
    public void A_refusal_gives_the_reason_and_the_way_on(string word, string message, string fix)
    {
        DecantException e = Assert.Throws<DecantException>(() => ArgumentMatcher.Match(new RunCommand(), [word, "img"]));
        Assert.Equal((message, fix), (e.Message, e.Fix));
    }
}
