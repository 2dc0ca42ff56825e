using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>The binary for the other machine, under qemu-user.</summary>
public sealed class Arm64Tests
{
    static string Binary => Workplace.Existing("out/decant-arm64", "./build.sh --arch arm64");

    static ProgramResult Run(params string[] arguments) => Shell.Execute(
        ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", Binary, .. arguments], DecantBinary.Variables(User.Root));

    [Fact]
    public void It_tells_its_version() =>
        Assert.Equal(DecantBinary.Run(User.Root, "--version").Expect(0).Output, Run("--version").Expect(0).Output);

    [Fact]
    public void It_describes_the_host()
    {
        using JsonDocument host = JsonDocument.Parse(Run("host", "--json").OutputBytes);
        Assert.Equal(JsonValueKind.Object, host.RootElement.ValueKind);
    }

    [Fact]
    public void It_runs_an_image_of_its_own_architecture()
    {
        // The kernel knows no arm64 programs; inside the root, an emulator bound into it executes the image's.
        ProgramResult run = Run("run", "-v", "/usr/bin/qemu-aarch64-static:/qemu:ro", "--entrypoint", "/qemu",
            $"docker-archive:{TestImages.File("busybox-arm64.docker.tar")}", "/bin/busybox", "uname", "-m");
        run.ExpectOutput("aarch64\n");
    }

    [Fact]
    public void It_refuses_an_image_of_this_machines_architecture() =>
        Run("run", $"docker-archive:{TestImages.File("busybox.docker.tar")}", "true").ExpectError(125, "amd64", "arm64");
}
