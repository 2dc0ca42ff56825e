using System.Text.Json;

namespace Decant.EndToEnd.Tests.Store;

/// <summary>Every case of tests/corpus through the native binary, as root and as an ordinary user.</summary>
public sealed class HostileLayerTests
{
    static string Corpus => Path.Combine(Workplace.Checkout, "tests/corpus");

    static readonly Lazy<string[]> cases = new(() => [.. Directory.GetDirectories(Corpus).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]);

    // In memory: each pull is synced to the disk. For each case: status, then what decant says. The canary lies where careless tools write: beside the store.
    const string PullAll = """
        place=$(mktemp -d /dev/shm/decant-e2e-XXXXXX)
        trap 'chmod -R u+rwx $place; rm -rf $place' EXIT
        cd $place
        mkdir victim; echo hello >victim/hello
        state() { find victim -printf '%p %y %m %U:%G %s %T@ %C@ %n\n' | sort; ls; }
        export DECANT_ROOT=$place/store
        tar -cf seed.tar victim
        "$decant" pull tar:$place/seed.tar seed >/dev/null || exit 9
        stored() { find store -path store/tmp -prune -o -path 'store/*.lock' -prune -o -name lock -prune -o -printf '%P %y %s\n' | sort; find store/tmp -mindepth 1 ! -name '*.lock'; }
        touch out err
        before=$(state) stored=$(stored)
        for case in $layouts/*; do
          timeout 60 "$decant" pull oci:$case:case case >out 2>err
          status=$?
          printf '%s\t%s\t%s\n' "${case##*/}" $status "$(head -c 4000 err | tr '\n\t' '  ')"
          [ "$before" = "$(state)" ] || { echo "touched by $case" >&2; exit 10; }
          if [ $status = 0 ]; then "$decant" rm case >/dev/null || exit 11; fi
          [ "$stored" = "$(stored)" ] || { echo "left by $case:" >&2; diff <(echo "$stored") <(stored) >&2; exit 12; }
        done
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_case_of_the_corpus_ends_as_it_says_and_leaves_nothing_behind(bool asRoot)
    {
        User user = asRoot ? User.Root : User.Ordinary;
        string layouts = Workplace.NewDirectory(User.Root);
        Shell.Execute([$"{Corpus}/compare.py", "layouts", layouts]).Expect(0);
        Shell.Run($"chmod -R a+rX {layouts}").Expect(0);
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["layouts"] = layouts;
        ProgramResult result = Shell.Execute([.. user.Prefix, "/bin/bash", "-c", PullAll], variables, limit: TimeSpan.FromMinutes(5));
        result.Expect(0);

        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Value.Length, lines.Length);
        Assert.All(lines, line =>
        {
            string[] fields = line.Split('\t');
            string expect = Expectation(fields[0]);
            int status = int.Parse(fields[1]);
            // What only root may make is left out for others: a device that the kernel refuses is not even tried.
            bool rootsAlone = !asRoot && fields[0].StartsWith("device-", StringComparison.Ordinal) && fields[0].EndsWith("-kernel", StringComparison.Ordinal);
            Assert.Contains(status, rootsAlone ? [0, 125] : expect switch { "apply" => [0], "refuse" => [125], _ => new[] { 0, 125 } });
            if (status == 125)
                Assert.Contains("entry ", fields[2]);
        });
    }

    static string Expectation(string name)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes($"{Corpus}/{name}/case.json"));
        return json.RootElement.GetProperty("expect").GetString()!;
    }
}
