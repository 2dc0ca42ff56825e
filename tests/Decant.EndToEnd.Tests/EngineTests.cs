using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>Images and containers straight from a real dockerd and a real podman.</summary>
public sealed class EngineTests(PodmanService podman) : IClassFixture<PodmanService>
{
    static string Docker => $"/usr/bin/docker -H unix://{Dockerd.Socket}";

    static ProgramResult Script(User user, string script) => DecantBinary.Script(user, $"export DOCKER_HOST=unix://{Dockerd.Socket}\n{script}");

    static string Layers(string name)
    {
        using JsonDocument report = JsonDocument.Parse(DecantBinary.Run(User.Root, "inspect", name, "--json").Expect(0).OutputBytes);
        return report.RootElement.GetProperty("layers").GetRawText();
    }

    [Fact]
    public void An_image_of_docker_is_the_one_that_docker_save_gives()
    {
        string saved = TestImages.Pulled(User.Root, "layers");
        Script(User.Root, $"""
            "$decant" pull docker-daemon:layers && "$decant" pull docker-daemon:layers:latest by-tag && "$decant" pull docker-daemon:$({Docker} images -q layers) by-id
            "$decant" run by-id; "$decant" run docker-daemon:layers; "$decant" run docker-daemon:layers
            """).ExpectOutput("layers\nby-tag\nby-id\n2\n2\n2\n");
        Assert.Equal(Layers(saved), Layers("by-tag"));
        Script(User.Root, "\"$decant\" rm by-tag by-id docker-daemon:layers").Expect(0);
    }

    [Fact]
    public void An_image_of_podman_is_the_one_that_was_loaded_into_it()
    {
        string saved = TestImages.Pulled(User.Root, "layers");
        DecantBinary.Script(User.Root, $"""
            export CONTAINER_HOST=unix://{podman.Socket}
            "$decant" pull podman:layers from-podman && "$decant" run from-podman && "$decant" run podman:localhost/layers:latest
            """).ExpectOutput("from-podman\n2\n2\n");
        Assert.Equal(Layers(saved), Layers("from-podman"));
        DecantBinary.Script(User.Root, $"CONTAINER_HOST=unix://{podman.Socket} \"$decant\" pull podman:absent").ExpectError(125, "no such image", "podman pull absent");
        DecantBinary.Run(User.Root, "rm", "from-podman", "podman:localhost/layers:latest").Expect(0);
    }

    [Fact]
    public void A_running_container_keeps_its_files_and_configuration_and_its_mounts_are_told()
    {
        string mounted = Workplace.NewDirectory(User.Root);
        string name = $"e2e-{Guid.NewGuid():n}"[..16];
        string arguments = $"-v '{mounted}:/in side:ro' --tmpfs /t:size=1m -e B='two words' -u 12:34 -w /tmp --stop-signal SIGINT --label k=v";
        try
        {
            Shell.Run($"{Docker} run -d --network none --name {name} {arguments} --entrypoint sh busybox -c 'echo kept >/tmp/file; sleep 1000'; sleep 1").Expect(0);
            ProgramResult pulled = Script(User.Root, $"\"$decant\" pull docker-container:{name}");
            pulled.ExpectOutput(name + "\n");
            Assert.Contains($"decant run -v '{mounted}:/in side:ro' --tmpfs /t:size=1m ...", pulled.Error);
            Script(User.Root, $"\"$decant\" run --entrypoint sh {name} -c 'cat /tmp/file; pwd; id -u; id -g; echo $B; ls -A \"/in side\"'").ExpectOutput("kept\n/tmp\n12\n34\ntwo words\n");
            ProgramResult inspected = DecantBinary.Run(User.Root, "inspect", name).Expect(0);
            Assert.Contains("SIGINT", inspected.Output);
            Assert.Contains("k=v", inspected.Output);
            // Straight from the container, which makes threads before the launch; it ends all the same.
            Script(User.Root, $"timeout 50 \"$decant\" run --entrypoint cat docker-container:{name} /tmp/file").ExpectOutput("kept\n");
            DecantBinary.Run(User.Root, "rm", name, $"docker-container:{name}").Expect(0);
        }
        finally
        {
            Shell.Run($"{Docker} rm -f {name}").Expect(0);
        }
    }

    [Fact]
    public void What_an_engine_does_not_have_is_an_error_with_its_fix()
    {
        Script(User.Root, "\"$decant\" pull docker-daemon:absent:1").ExpectError(125, "no such image", "docker pull absent:1");
        Script(User.Root, "\"$decant\" pull docker-container:absent").ExpectError(125, "no such container", "docker ps -a");
    }

    [Fact]
    public void An_engine_that_cannot_be_reached_is_an_error_that_names_every_socket()
    {
        Script(User.Ordinary, "\"$decant\" pull docker-daemon:layers").ExpectError(125, Dockerd.Socket, "permission denied", "usermod -aG docker");
        DecantBinary.Script(User.Root, "DOCKER_HOST=unix:///nonexistent/s \"$decant\" pull docker-daemon:layers").ExpectError(125, "/nonexistent/s", "systemctl start docker");
        DecantBinary.Script(User.Ordinary, "XDG_RUNTIME_DIR=/nonexistent \"$decant\" pull podman:layers").ExpectError(125, "/nonexistent/podman/podman.sock", "podman system service");
        DecantBinary.Script(User.Root, "DOCKER_HOST=tcp://192.0.2.1:2375 \"$decant\" pull docker-daemon:layers").ExpectError(125, "not on this machine", "docker save");
    }

    [Fact]
    public void An_engine_on_a_loopback_port_answers_too()
    {
        TestImages.Pulled(User.Root, "layers");
        DecantBinary.Script(User.Root, $$"""
            python3 - {{Dockerd.Socket}} >port <<'P' &
            import socket, sys, threading
            listener = socket.create_server(("127.0.0.1", 0))
            print(listener.getsockname()[1], flush=True)
            def copy(a, b):
                while data := a.recv(65536): b.sendall(data)
                b.shutdown(socket.SHUT_WR)
            while True:
                client, _ = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(sys.argv[1])
                for pair in (client, engine), (engine, client): threading.Thread(target=copy, args=pair, daemon=True).start()
            P
            for i in $(seq 100); do [ -s port ] && break; sleep 0.1; done
            DOCKER_HOST=tcp://localhost:$(cat port) "$decant" pull docker-daemon:layers by-port; code=$?
            kill $!; rm port; "$decant" rm by-port; exit $code
            """, directory: Workplace.NewDirectory(User.Root)).ExpectOutput("by-port\n");
    }
}
