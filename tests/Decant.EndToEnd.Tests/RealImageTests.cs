using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>Debian with Open MPI and Python, as each tool of the field hands it on.</summary>
public sealed class RealImageTests
{
    // Stores of their own, as the other tests look at every file of theirs.
    static readonly User[] users = [User.Root with { Name = "root with real images" }, User.Ordinary with { Name = "a user with real images" }];

    public static TheoryData<string, string> Sources()
    {
        TheoryData<string, string> sources = [];
        foreach (string suite in new[] { "bookworm", "trixie" })
        {
            foreach (string form in new[] { "docker-archive:{0}.docker.tar", "tar:{0}.export.tar", "oci:{0}.oci:latest", "oci-archive:{0}.oci.tar:latest" })
                sources.Add(suite, form);
        }

        return sources;
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_source_runs_python_mpi_and_a_shell_for_both_users(string suite, string form)
    {
        int colon = form.IndexOf(':');
        string source = $"{form[..colon]}:{TestImages.Directory}/{string.Format(form[(colon + 1)..], suite)}";
        string name = $"{suite}-{form[..colon]}";
        foreach (User user in users)
        {
            // The image stays: the next source of the same layers finds them unpacked.
            DecantBinary.Run(user, "pull", source, name).Expect(0);
            DecantBinary.Run(user, "run", name, "python3", "-c", "import os; print([2 ** 64, os.getuid()])")
                .ExpectOutput($"[18446744073709551616, {user.Id}]\n");
            DecantBinary.Run(user, "run", name, "sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").ExpectOutput($"{suite}\n");
            string[] ranks = DecantBinary.Run(user, "run", name, "mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "2", "sh", "-c", "echo $OMPI_COMM_WORLD_RANK of $OMPI_COMM_WORLD_SIZE")
                .Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Array.Sort(ranks);
            Assert.Equal(["0 of 2", "1 of 2"], ranks);
        }
    }

    [Fact]
    public void An_image_for_another_machine_is_refused_before_anything_is_unpacked()
    {
        string source = $"docker-archive:{TestImages.File("busybox-arm64.docker.tar")}";
        DecantBinary.Run(User.Root, "pull", source, "wrong-machine").ExpectError(125, "arm64", "amd64");
        Assert.DoesNotContain("wrong-machine", DecantBinary.Run(User.Root, "images").Expect(0).Output);
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void An_image_is_listed_inspected_and_removed(User user)
    {
        DecantBinary.Run(user, "pull", $"oci-archive:{TestImages.File("layers.oci.tar")}:latest", "to-remove").Expect(0);
        Assert.Contains("to-remove", DecantBinary.Run(user, "images").Expect(0).Output);
        using JsonDocument listed = JsonDocument.Parse(DecantBinary.Run(user, "images", "--json").Expect(0).OutputBytes);
        using JsonDocument inspected = JsonDocument.Parse(DecantBinary.Run(user, "inspect", "to-remove", "--json").Expect(0).OutputBytes);
        Assert.Contains("/a/link/new", inspected.RootElement.GetRawText());
        DecantBinary.Run(user, "rm", "to-remove").Expect(0);
        Assert.DoesNotContain("to-remove", DecantBinary.Run(user, "images").Expect(0).Output);
        DecantBinary.Run(user, "run", "to-remove", "true").ExpectError(125, "to-remove");
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_source_runs_without_being_named_first(User user) =>
        DecantBinary.Run(user, "run", $"docker-archive:{TestImages.File("layers.docker.tar")}").ExpectOutput("2\n");

    [Fact]
    public void A_plain_directory_runs_and_stays_as_it_was()
    {
        string directory = HostileRoot.New();
        string before = HostileRoot.Fingerprint(directory);
        DecantBinary.Run(User.Root, "run", $"rootfs:{directory}", "/bin/sh", "-c", "echo new >/new; rm -r /etc; cat /new").ExpectOutput("new\n");
        Assert.Equal(before, HostileRoot.Fingerprint(directory));
    }
}
