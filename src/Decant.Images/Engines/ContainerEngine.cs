using System.Net.Sockets;
using Decant.Linux;

namespace Decant.Images;

/// <summary>A container engine on this machine that gives images by Docker's API, and where its socket is looked for.</summary>
sealed record ContainerEngine(string Name, string Variable, IReadOnlyList<string> Sockets, string Start, string Permit)
{
    public static ContainerEngine Docker { get; } = new(
        "docker", "DOCKER_HOST", ["/var/run/docker.sock", "$XDG_RUNTIME_DIR/docker.sock"],
        "systemctl start docker; or, where it listens elsewhere: export DOCKER_HOST=unix:///path/to/docker.sock",
        "sudo usermod -aG docker $USER, and log in again; or run decant with sudo");

    public static ContainerEngine Podman { get; } = new(
        "podman", "CONTAINER_HOST", ["$XDG_RUNTIME_DIR/podman/podman.sock", "/run/podman/podman.sock"],
        "systemctl --user start podman.socket; or without systemd: podman system service --time=0 &",
        "systemctl --user start podman.socket, for your own images; for root's run decant with sudo");

    /// <summary>The first that answers.</summary>
    /// <exception cref="DecantException">None does; the message has all that were tried.</exception>
    public EngineConnection Connect()
    {
        List<string> failures = [];
        bool anyDenied = false;
        foreach (EngineAddress address in Addresses())
        {
            if (address.TryConnect(out Socket? socket, out bool denied) is not string reason)
                return new EngineConnection(this, address, socket!);
            failures.Add($"{PathBytes.Printable(address.Text)}: {reason}");
            anyDenied |= denied;
        }

        throw new DecantException($"{Name} cannot be asked: {string.Join("; ", failures)}", anyDenied ? Permit : Start);
    }

    /// <summary>The variable's alone where it is set, as the engine's own tool has it.</summary>
    IEnumerable<EngineAddress> Addresses()
    {
        if (CallerEnvironment.Get(Variable) is { Length: > 0 } text)
        {
            yield return EngineAddress.Parse(text, Variable, Name);
            yield break;
        }

        string? runtime = CallerEnvironment.Get("XDG_RUNTIME_DIR");
        foreach (string socket in Sockets)
        {
            if (!socket.StartsWith('$'))
                yield return EngineAddress.Unix(socket);
            else if (runtime is ['/', ..])
                yield return EngineAddress.Unix(runtime + socket["$XDG_RUNTIME_DIR".Length..]);
        }
    }
}
