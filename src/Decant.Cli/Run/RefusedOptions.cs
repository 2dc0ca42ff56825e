using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// The options of <c>docker run</c> that a native launch cannot mean. Each is refused with its own reason, and with the
/// way to what the user is after where there is one: an option that is ignored would be a promise broken in silence.
/// </summary>
static class RefusedOptions
{
    /// <summary>Throws if docker has an option of that name or letter and decant refuses it.</summary>
    /// <param name="value">What follows its =; null where there is none.</param>
    /// <returns>Whether it is a flag of docker's, given as docker has it without a word.</returns>
    public static bool Refuse(string option, string? value)
    {
        if (Find(option) is not { } refusal)
            return false;
        if (refusal.Default is { } usual && CliOption.TryParseBoolean(value ?? "true") == usual)
            return true;
        string spelled = refusal.Letter.ToString() == option ? $"-{option}" : $"--{option}";
        throw new DecantException($"{spelled} is not for native runs: {refusal.Reason}", refusal.Fix);
    }

    public static RefusedOption? Find(string option)
    {
        foreach (RefusedOption refusal in All())
        {
            if (refusal.Name == option || (option.Length == 1 && refusal.Letter == option[0]))
                return refusal;
        }

        return null;
    }

    const string NoNetwork = "decant builds no networks; the program has the host's";
    const string NoVolumes = "decant keeps no volumes";
    const string NoMonitor = "nothing watches the program from outside; its exit code comes back to you";
    const string NoIoLimit = "decant's cgroup limits memory and CPU time only";
    const string NoSandbox = "a native run has your own rights, neither more nor fewer";
    const string WindowsOnly = "docker has it for Windows only";
    const string IoFix = "run decant inside systemd-run --scope -p IOReadBandwidthMax=...";

    /// <summary>In the order of <c>docker run --help</c> (docker 29), hidden names included.</summary>
    public static IEnumerable<RefusedOption> All() =>
    [
        new("add-host", '\0', "/etc/hosts inside is a copy of the host's", "bind a file of your own: -v FILE:/etc/hosts:ro"),
        new("annotation", '\0', "there is no OCI runtime to read annotations", null),
        new("attach", 'a', "the program's output is always decant's own", "leave it out; -i gives it your input"),
        new("blkio-weight", '\0', NoIoLimit, "run decant inside systemd-run --scope -p IOWeight=..."),
        new("blkio-weight-device", '\0', NoIoLimit, "run decant inside systemd-run --scope -p IODeviceWeight=..."),
        new("cap-add", '\0', NoSandbox, "run decant as root, or take --root to be root inside"),
        new("cap-drop", '\0', NoSandbox, "run decant as an ordinary user: the program then has no capabilities"),
        new("cgroup-parent", '\0', "the program stays in the cgroup that decant is started in", "start decant in that cgroup: systemd-run --scope --slice=..."),
        new("cgroupns", '\0', "the host's cgroup namespace is shared", "leave it out"),
        new("cidfile", '\0', "there is no container ID; as root the program has decant's own process ID", "use $! of the shell"),
        new("cpu-count", '\0', WindowsOnly, "--cpus"),
        new("cpu-percent", '\0', WindowsOnly, "--cpus"),
        new("cpu-period", '\0', "decant sets period and quota from one number", "--cpus QUOTA/PERIOD, such as --cpus 1.5"),
        new("cpu-quota", '\0', "decant sets period and quota from one number", "--cpus QUOTA/PERIOD, such as --cpus 1.5"),
        new("cpu-rt-period", '\0', "the host's real-time budget is not decant's to divide", null),
        new("cpu-rt-runtime", '\0', "the host's real-time budget is not decant's to divide", null),
        new("cpu-shares", 'c', "weights compare containers, and there are none", "--cpus NUMBER, or: nice -n 10 decant run ..."),
        new("cpuset-cpus", '\0', "the program keeps the CPUs that decant is given", "taskset -c LIST decant run ..."),
        new("cpuset-mems", '\0', "the program keeps the memory nodes that decant is given", "numactl --membind=LIST decant run ..."),
        new("detach", 'd', "there is no daemon to hold it", "use your shell: decant run ... &", Default: false),
        new("detach-keys", '\0', "there is nothing to detach from", "-t and job control of your shell"),
        new("device-cgroup-rule", '\0', "a native run has no device cgroup; the mode of each device decides", "leave it out"),
        new("device-read-bps", '\0', NoIoLimit, IoFix),
        new("device-read-iops", '\0', NoIoLimit, IoFix),
        new("device-write-bps", '\0', NoIoLimit, IoFix),
        new("device-write-iops", '\0', NoIoLimit, IoFix),
        new("disable-content-trust", '\0', "run fetches nothing from a registry", "leave it out", Default: true),
        new("dns", '\0', "/etc/resolv.conf inside is the host's", "bind a file of your own: -v FILE:/etc/resolv.conf:ro"),
        new("dns-opt", '\0', "/etc/resolv.conf inside is the host's", "bind a file of your own: -v FILE:/etc/resolv.conf:ro"),
        new("dns-option", '\0', "/etc/resolv.conf inside is the host's", "bind a file of your own: -v FILE:/etc/resolv.conf:ro"),
        new("dns-search", '\0', "/etc/resolv.conf inside is the host's", "bind a file of your own: -v FILE:/etc/resolv.conf:ro"),
        new("domainname", '\0', "decant sets the host name only", "--hostname NAME.DOMAIN"),
        new("expose", '\0', "every port that the program opens is the host's already", "leave it out"),
        new("group-add", '\0', "the program has the groups of its user in the image, or yours", "--user USER:GROUP"),
        new("health-cmd", '\0', NoMonitor, null),
        new("health-interval", '\0', NoMonitor, null),
        new("health-retries", '\0', NoMonitor, null),
        new("health-start-interval", '\0', NoMonitor, null),
        new("health-start-period", '\0', NoMonitor, null),
        new("health-timeout", '\0', NoMonitor, null),
        new("init", '\0', "decant adds no process; without --pid private, orphans go to the host's init", "leave it out", Default: false),
        new("io-maxbandwidth", '\0', WindowsOnly, IoFix),
        new("io-maxiops", '\0', WindowsOnly, IoFix),
        new("ip", '\0', NoNetwork, null),
        new("ip6", '\0', NoNetwork, null),
        new("isolation", '\0', WindowsOnly, null),
        new("kernel-memory", '\0', "the kernel has given up this limit", "--memory"),
        new("label", 'l', "there is no container to label; a run is a process", "--name NAME"),
        new("label-file", '\0', "there is no container to label; a run is a process", "--name NAME"),
        new("link", '\0', NoNetwork, "reach the other program on localhost"),
        new("link-local-ip", '\0', NoNetwork, null),
        new("log-driver", '\0', "the program's output is your own", "redirect it, or: decant run ... | systemd-cat"),
        new("log-opt", '\0', "the program's output is your own", "redirect it, or: decant run ... | systemd-cat"),
        new("mac-address", '\0', NoNetwork, null),
        new("memory-reservation", '\0', "decant sets the hard limit only", "--memory"),
        new("memory-swap", '\0', "decant limits memory and leaves swap to the host", "--memory"),
        new("memory-swappiness", '\0', "decant limits memory and leaves swap to the host", "--memory"),
        new("net-alias", '\0', NoNetwork, null),
        new("network-alias", '\0', NoNetwork, null),
        new("no-healthcheck", '\0', "health checks are never run", "leave it out", Default: false),
        new("oom-kill-disable", '\0', "a program over --memory would hang for ever", "leave out --memory", Default: false),
        new("oom-score-adj", '\0', "the program keeps the score that decant is given", "choom -n SCORE -- decant run ..."),
        new("pids-limit", '\0', NoIoLimit, "--ulimit nproc=NUMBER"),
        new("privileged", '\0', NoSandbox, "run decant as root: the program then has root's rights", Default: false),
        new("publish", 'p', "the program has the host's network, so its ports are open already", "leave it out, and let the program listen on the port you want"),
        new("publish-all", 'P', "the program has the host's network, so its ports are open already", "leave it out", Default: false),
        new("pull", '\0', "run reads a source once and again only when its file has changed", "decant pull SOURCE NAME"),
        new("quiet", 'q', "run says nothing but that it unpacks an image for the first time", "decant pull the image before", Default: false),
        new("restart", '\0', "there is no daemon to start it again", "a systemd unit with Restart="),
        new("runtime", '\0', "decant is the runtime", "leave it out"),
        new("sig-proxy", '\0', "signals always reach the program", "leave it out", Default: true),
        new("stop-signal", '\0', "there is no stop command; the program gets the signal that you send", "kill -SIGNAL"),
        new("stop-timeout", '\0', "there is no stop command; the program gets the signal that you send", "timeout -k SECONDS ... decant run ..."),
        new("storage-opt", '\0', "decant has no storage drivers", null),
        new("sysctl", '\0', "the kernel's settings are the host's", "sysctl -w NAME=VALUE on the host"),
        new("use-api-socket", '\0', "there is no daemon", null, Default: false),
        new("userns", '\0', "an ordinary user's run always has a user namespace, root's never", "--root to be root inside"),
        new("uts", '\0', "the host's name is shared unless --hostname gives another", "--hostname NAME"),
        new("volume-driver", '\0', NoVolumes, "-v DIR:DST"),
        new("volumes-from", '\0', NoVolumes, "repeat the -v options of the other run"),
    ];
}
