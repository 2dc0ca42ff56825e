namespace Decant.EndToEnd.Tests;

/// <summary>Podman's API service of the tests' own, with the image "layers" in it.</summary>
public sealed class PodmanService : IDisposable
{
    // A short name: the path of a socket has at most 107 bytes.
    readonly string directory = $"/run/decant-e2e-podman-{Environment.ProcessId}";

    public PodmanService()
    {
        Shell.Run($$"""
            set -e
            mkdir -p {{directory}}
            {{Command}} load -q -i {{TestImages.File("layers.docker.tar")}} >&2
            setsid {{Command}} system service --time=0 unix://{{Socket}} </dev/null >{{directory}}/log 2>&1 &
            echo $! >{{directory}}/pid
            for i in $(seq 300); do [ -S {{Socket}} ] && exit 0; sleep 0.1; done
            cat {{directory}}/log >&2
            exit 1
            """).Expect(0);
    }

    public string Socket => $"{directory}/socket";

    /// <summary>The tool, at work on the same images without the service.</summary>
    public string Command => $"podman --root {directory}/root --runroot {directory}/run --storage-driver vfs";

    public void Dispose() => Shell.Run($$"""
        kill $(cat {{directory}}/pid)
        while kill -0 $(cat {{directory}}/pid) 2>/dev/null; do sleep 0.1; done
        grep -o ' {{directory}}/[^ ]*' /proc/self/mountinfo | sort -r | xargs -r umount
        rm -rf --one-file-system {{directory}}
        """).Expect(0);
}
