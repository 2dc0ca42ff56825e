namespace Decant.EndToEnd.Tests;

/// <summary>Exported images in the tools that they are for.</summary>
public sealed class ExportRoundTripTests(PodmanService podman) : IClassFixture<PodmanService>
{
    static string Docker => $"/usr/bin/docker -H unix://{Dockerd.Socket}";

    [Fact]
    public void Docker_loads_and_imports_what_is_exported()
    {
        TestImages.Pulled(User.Root, "layers");
        try
        {
            DecantBinary.Script(User.Root, $"""
                set -e -o pipefail
                "$decant" export layers docker-archive:-:e2e/loaded:1 | {Docker} load
                {Docker} run --rm --network none e2e/loaded:1
                "$decant" export layers tar:- | {Docker} import - e2e/imported >&2
                {Docker} run --rm --network none e2e/imported /bin/cat /a/kept/hard
                """).ExpectOutput("Loaded image: e2e/loaded:1\n2\n1\n2\n");
        }
        finally
        {
            Shell.Run($"{Docker} rmi e2e/loaded:1 e2e/imported").Expect(0);
        }
    }

    [Fact]
    public void Podman_loads_archives_of_both_kinds_and_imports_the_tar()
    {
        TestImages.Pulled(User.Root, "layers");
        ProgramResult result = DecantBinary.Script(User.Root, $$"""
            set -e -o pipefail
            "$decant" export layers docker-archive:d.tar:e2e/docker:1
            "$decant" export layers oci-archive:o.tar:e2e/oci:1
            "$decant" export layers tar:t.tar
            {{podman.Command}} load -q -i d.tar
            {{podman.Command}} load -q -i o.tar
            {{podman.Command}} import -q t.tar e2e/imported >&2
            {{podman.Command}} images | grep -c e2e/
            """, directory: Workplace.NewDirectory(User.Root)).Expect(0);
        Assert.Contains("e2e/docker:1", result.Output);
        Assert.EndsWith("3\n", result.Output);
    }

    [Fact]
    public void Root_and_an_ordinary_user_export_the_same_bytes_each_time()
    {
        string directory = Workplace.NewDirectory(User.Root);
        Shell.Run($"chmod 1777 {directory}").Expect(0);
        foreach (string image in new[] { "layers", "bookworm" })
        {
            foreach (User user in new[] { User.Root, User.Ordinary })
            {
                TestImages.Pulled(user, image);
                DecantBinary.Script(user, $"""
                    set -e
                    "$decant" export {image} oci:{image}-{user.Id}:t
                    for form in oci-archive docker-archive tar; do
                      "$decant" export {image} $form:{image}-{user.Id}.$form.1
                      "$decant" export {image} $form:- >{image}-{user.Id}.$form.2
                    done
                    """, directory: directory).Expect(0);
            }

            Shell.Run(User.Root, $"""
                set -e
                diff -r {image}-0 {image}-{User.Ordinary.Id}
                for form in oci-archive docker-archive tar; do sha256sum {image}-*.$form.[12] | cut -d' ' -f1 | uniq | wc -l; done
                rm -r {image}-*
                """, directory: directory).ExpectOutput("1\n1\n1\n");
        }
    }

    /// <summary>docs/export.md has the list, and why.</summary>
    [Theory]
    [InlineData("layers")]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void The_tar_is_what_docker_export_of_a_fresh_container_gives_but_for_what_the_engine_makes(string image)
    {
        TestImages.Pulled(User.Ordinary, image);
        DecantBinary.Script(User.Ordinary, $$"""
            set -e -o pipefail
            "$decant" export {{image}} tar:ours.tar
            made='^(\.|\.dockerenv|dev|dev/(console|pts|shm)|etc|etc/(hosts|hostname|resolv\.conf|mtab)|proc|sys): '
            for tar in ours.tar {{TestImages.File($"{image}.export.tar")}}; do
              python3 {{Workplace.Existing("tests/Decant.EndToEnd.Tests/list-tar.py", "git checkout")}} $tar | grep -Ev "$made" | sort >$(basename $tar).list
            done
            [ $(wc -l <ours.tar.list) -gt 50 ]
            diff ours.tar.list {{image}}.export.tar.list
            """, directory: Workplace.NewDirectory(User.Ordinary)).ExpectOutput("");
    }

    [Fact]
    public void An_archive_is_not_written_to_a_terminal()
    {
        TestImages.Pulled(User.Root, "layers");
        DecantBinary.Script(User.Root, "script -qec '\"$decant\" export layers tar:-' /dev/null; echo $?").ExpectOutput("decant: an archive is not written to a terminal\r\n  fix: name a file instead of -, or send the output to one: decant export IMAGE tar:- >FILE\r\n125\n");
    }

    [Fact]
    public void A_full_disk_leaves_the_file_as_it_was()
    {
        TestImages.Pulled(User.Root, "bookworm");
        Shell.Execute(["unshare", "--mount", "--", "/bin/bash", "-c", """
            mount -t tmpfs -o size=2m tmpfs /mnt && echo old >/mnt/x.tar
            "$decant" export bookworm tar:/mnt/x.tar; echo $?
            cat /mnt/x.tar; ls -A /mnt
            """], DecantBinary.Variables(User.Root)).ExpectOutput("125\nold\nx.tar\n");
    }
}
