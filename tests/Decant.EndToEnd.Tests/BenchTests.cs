using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.EndToEnd.Tests;

public sealed class BenchTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-bench").FullName;

    public BenchTests() => File.SetUnixFileMode(directory, (UnixFileMode)0x1FF);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    static readonly User Root = User.Root;

    static string LeftOvers() => Shell.Run("find /sys/fs/cgroup -maxdepth 3 -name 'decant-bench-*'; pgrep -af '[d]ecant-bench-'").Output;

    static JsonElement[] Trials(string session) =>
        [.. File.ReadAllLines(session + "/trials.jsonl").Select(line => JsonDocument.Parse(line).RootElement)];

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Each_block_runs_every_environment_once_and_nothing_is_left(User user)
    {
        TestImages.Pulled(user, "busybox");
        ProgramResult result = DecantBinary.Script(user, $"""
            "$decant" bench --env host --env native=decant:busybox --env nosuch=apptainer:x --blocks 6 -o {directory}/s --json -- true
            """).Expect(0);
        Assert.Contains("nosuch is not measured: there is no apptainer on PATH", result.Error);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0];
        Assert.Equal(["host", "native"], report.GetProperty("environments").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()));
        JsonElement[] trials = Trials(directory + "/s");
        Assert.Equal(12, trials.Length);
        Assert.All(trials.GroupBy(trial => trial.GetProperty("block").GetInt32()), block => Assert.Equal(2, block.Select(trial => trial.GetProperty("environment").GetString()).Distinct().Count()));
        // A program from an image is launched by more than a program of the host, so it cannot be faster in all blocks.
        Assert.True(report.GetProperty("verdicts")[0].GetProperty("comparison").GetProperty("ratio").GetDouble() > 1);
        Assert.Equal("", LeftOvers());
    }

    [Fact]
    public void A_bench_that_was_killed_goes_on_where_it_was_and_leaves_nothing_running()
    {
        string session = directory + "/s";
        string command = $"\"$decant\" bench --env host --env b=bwrap:rootfs:/ --blocks 6 --cache as-is -o {session} -- sleep 0.2";
        DecantBinary.Script(Root, $"""
            {command} >/dev/null 2>&1 & pid=$!
            until [ "$(cat {session}/trials.jsonl 2>/dev/null | wc -l)" -ge 3 ]; do sleep 0.05; done
            kill -9 $pid; wait 2>/dev/null
            for i in $(seq 100); do [ -z "$(find /sys/fs/cgroup -maxdepth 3 -name 'decant-bench-*')" ] && break; sleep 0.05; done
            """).Expect(0);
        Assert.Equal("", LeftOvers());
        int before = Trials(session).Length;
        Assert.InRange(before, 3, 11);
        ProgramResult again = DecantBinary.Script(Root, command).Expect(0);
        Assert.Contains($"{before} trials of this experiment are in {session}; the others follow", again.Error);
        Assert.Equal(Enumerable.Range(0, 12), Trials(session).Select(trial => trial.GetProperty("number").GetInt32()));
        DecantBinary.Script(Root, $"\"$decant\" compare {session}").ExpectError(0, "");
    }

    [Fact]
    public void An_interrupted_bench_reports_what_it_has_and_says_how_to_go_on()
    {
        string session = directory + "/s";
        ProgramResult result = DecantBinary.Script(Root, $"""
            "$decant" bench --env host --env other=host --blocks 50 --cache as-is -o {session} -- sleep 0.1 & pid=$!
            until [ "$(cat {session}/trials.jsonl 2>/dev/null | wc -l)" -ge 5 ]; do sleep 0.05; done
            kill -TERM $pid; wait $pid
            """).Expect(143);
        Assert.Contains("the same command goes on from here", result.Error);
        Assert.Contains("the session was interrupted", result.Output);
        Assert.Equal("", LeftOvers());
    }

    [Fact]
    public void A_bench_that_is_interrupted_before_its_first_trial_is_done_says_so()
    {
        ProgramResult result = DecantBinary.Script(Root, $"""
            "$decant" bench --env host --env other=host --blocks 50 --primes 0 --html {directory}/x.html -o {directory}/s -- sleep 30 & pid=$!
            until [ -e {directory}/s/t0.err ]; do sleep 0.05; done
            kill -TERM $pid; wait $pid
            """).Expect(143);
        Assert.Contains("no trial is done", result.Output);
        Assert.Contains("no trial is done", File.ReadAllText(directory + "/x.html"));
        Assert.Contains("no trial is done", DecantBinary.Script(Root, $"\"$decant\" compare {directory}/s").Expect(0).Output);
        Assert.Equal("", LeftOvers());
    }

    [Fact]
    public void A_short_program_of_a_container_is_seen_and_its_limits_are_told()
    {
        TestImages.Pulled(Root, "busybox");
        ProgramResult result = DecantBinary.Script(Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            "$decant" bench --env native=decant:busybox --env 'docker=docker:busybox --network host --memory 100m' --must-run 'sleep 0.3' --blocks 3 --json -o {directory}/s -- sleep 0.3
            """).Expect(0);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0];
        Assert.All(report.GetProperty("trials").EnumerateArray(), trial => Assert.True(trial.GetProperty("counts").GetBoolean(), trial.ToString()));
        string limits = report.GetProperty("threats").EnumerateArray().Single(threat => threat.GetProperty("id").GetString() == "other-limits").GetProperty("evidence").GetString()!;
        Assert.Equal("cgroup.memory (native none, docker 100.0 MiB)", limits);
        Assert.StartsWith("each environment once a block", report.GetProperty("design").GetProperty("order").GetString());
    }

    [Fact]
    public void Looks_at_a_running_program_are_twice_as_far_apart_each_time_up_to_the_interval()
    {
        foreach (string command in (string[])["sleep 1.3", "sh -c 'exec sleep 1.3'"])
        {
            string session = $"{directory}/{command.Length}";
            DecantBinary.Script(Root, $"\"$decant\" bench --env host --blocks 1 --primes 0 --sample 200ms -o {session} -- {command}").Expect(0);
            double[] looks = [.. JsonDocument.Parse(File.ReadLines(session + "/samples.jsonl").Single()).RootElement.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("seconds").GetDouble())];
            // 2, 4, 8 … 128 ms, once more from when the command was seen, and then five or six. A late one leaves some out.
            Assert.InRange(looks.Length, 6, 22);
            Assert.All(looks.Zip(looks.Skip(1)).TakeLast(3), pair => Assert.True(pair.Second - pair.First > 0.19, $"{pair}"));
        }
    }

    [Theory]
    [InlineData("false", " fails: it ended with code 1")]
    [InlineData("sh -c 'echo no such model >&2; exit 3'", "code 3: no such model")]
    [InlineData("nosuchprogram", "nosuchprogram")]
    public void A_command_that_fails_from_the_start_is_told_at_once(string command, string reason) =>
        Assert.Contains(reason, DecantBinary.Script(Root, $"\"$decant\" bench --env host --env b=host -o {directory}/s -- {command}").Expect(125).Error);

    [Fact]
    public void A_trial_whose_output_lacks_what_was_asked_for_does_not_count()
    {
        DecantBinary.Script(Root, $"""
            "$decant" bench --env host --blocks 6 --cache as-is --must-match '^done$' -o {directory}/s -- sh -c 'echo x >>{directory}/n; [ $(wc -l <{directory}/n) -eq 4 ] || echo done'
            """).Expect(0);
        Assert.Equal([false, false, false, true, false, false], Trials(directory + "/s").Select(trial => trial.TryGetProperty("failure", out _)));
    }

    /// <summary>A wrapper that passes another model on than it was told, half of the time.</summary>
    [Fact]
    public void A_trial_whose_processes_do_not_run_or_open_what_was_asked_for_does_not_count()
    {
        TestImages.Pulled(Root, "busybox");
        DecantBinary.Script(Root, $"""
            echo weights >{directory}/large; echo weights >{directory}/small
            cat >{directory}/wrapper <<'E'
            echo x >>/data/n
            [ $(($(wc -l </data/n) % 2)) = 1 ] && exec 3</data/$2 || exec 3</data/small
            sleep 0.3 <&3; :
            E
            "$decant" bench --env native='decant:busybox -v {directory}:/data' --blocks 6 --cache as-is --must-open /data/large --must-run '^sleep 0.3$' -o {directory}/s -- sh /data/wrapper --model large
            "$decant" bench --env host --blocks 3 --cache as-is --must-run 'sleep 0.4' -o {directory}/t -- sh -c 'sleep 0.3; :' || :
            """).Expect(0);
        string?[] failures = [.. Trials(directory + "/s").Select(trial => trial.TryGetProperty("failure", out JsonElement failure) ? failure.GetString() : null)];
        Assert.Equal([null, "no process was seen with /data/large open"], failures.Distinct());
        Assert.Equal(3, failures.Count(failure => failure is null));
        Assert.Contains("no process was seen whose command line matches sleep 0.4; seen were: sh -c sleep 0.3; :; sleep 0.3", Trials(directory + "/t")[0].GetProperty("failure").GetString());
    }

    [Fact]
    public void A_container_that_a_killed_bench_left_is_removed_when_it_goes_on()
    {
        string command = $"\"$decant\" bench --env host --env 'd=docker:busybox --network host' --blocks 2 --primes 0 --cache as-is -o {directory}/s -- sleep 1";
        ProgramResult result = DecantBinary.Script(Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            {command} >/dev/null 2>&1 & pid=$!
            until name=$(docker ps -q --filter name=decant-bench-$pid- 2>/dev/null) && [ -n "$name" ]; do sleep 0.05; done
            kill -9 $pid; wait 2>/dev/null
            {command} >/dev/null
            docker ps -aq --filter name=decant-bench-
            """).Expect(0);
        Assert.Equal("", result.Output);
        Assert.Equal(4, Trials(directory + "/s").Length);
    }

    [Fact]
    public void A_file_of_figures_that_was_there_before_is_no_measurement()
    {
        File.WriteAllText(directory + "/figures", "rate: 5\n");
        File.WriteAllText(directory + "/e.toml", $$"""
            command = ["true"]
            metric = "rate"
            [workload]
            format = "regex"
            from = "{{directory}}/figures"
            [workload.figures]
            rate = { at = 'rate: (?<rate>\S+)' }
            [[environment]]
            kind = "host"
            """.ReplaceLineEndings("\n"));
        Assert.Contains("figures, which is as it was before", DecantBinary.Script(Root, $"\"$decant\" bench -f {directory}/e.toml -o {directory}/s").Expect(125).Error);
        DecantBinary.Script(Root, $"\"$decant\" bench -f {directory}/e.toml --blocks 2 -o {directory}/t -- sh -c 'echo rate: 6 >{directory}/figures'").Expect(0);
        Assert.All(Trials(directory + "/t"), trial => Assert.Equal(6, trial.GetProperty("values").GetProperty("rate").GetDouble()));
    }

    [Fact]
    public void More_output_than_is_looked_at_is_a_failure_and_not_kept()
    {
        Assert.Contains("it wrote 100 MiB", DecantBinary.Script(Root, $"\"$decant\" bench --env host --must-match x -o {directory}/s -- head -c 104857600 /dev/zero").Expect(125).Error);
        Assert.Empty(Directory.GetFiles(directory + "/s", "*.out"));
    }

    [Fact]
    public void A_self_test_measures_the_baseline_twice_and_tells_the_noise()
    {
        ProgramResult result = DecantBinary.Script(Root, $"""
            "$decant" bench --env host --env b=bwrap:rootfs:/ --self-test --blocks 6 --cache as-is -o {directory}/s --json -- sleep 0.02
            """).Expect(0);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0];
        Assert.Equal(["host", "b", "host again"], report.GetProperty("environments").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()));
        Assert.Equal("b", Assert.Single(report.GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("comparison").GetProperty("subject").GetString())));
        Assert.Contains("host, measured twice in each block, ", Assert.Single(report.GetProperty("threats").EnumerateArray(), threat => threat.GetProperty("id").GetString() == "self-test").GetProperty("sentence").GetString());
    }

    [Fact]
    public void On_a_terminal_a_table_shows_how_the_environments_stand_and_goes_away() => Pty.Drive(Root, $"""
        terminal = Terminal("bench", "--env", "host", "--env", "b=host", "--blocks", "8", "--cache", "as-is", "-o", "{directory}/s", "--", "sleep", "0.2")
        terminal.expect(r" +trials +wall +ratio +interval\r\nhost +\d")
        terminal.expect(r"block 2 of 8, trial \d of 16: ")
        terminal.resize(40, 30)
        terminal.expect(r"\x1b\[\dA\r\x1b\[J +trials +wall\r\n")
        terminal.expect(r"block \d/8: ")
        assert terminal.wait() == 0
        assert terminal.restored()
        assert b"block" not in terminal.seen.rsplit(b"\x1b[J", 1)[1].split(b"host")[0], terminal.seen
        """);

    [Fact]
    public void A_report_that_cannot_be_written_is_told_before_anything_is_measured()
    {
        Assert.Contains("/nosuch/report.html cannot be written", DecantBinary.Script(Root, $"\"$decant\" bench --env host -o {directory}/s --html /nosuch/report.html -- true").Expect(125).Error);
        Assert.Contains("it is a directory", DecantBinary.Script(Root, $"\"$decant\" bench --env host -o {directory}/s --parquet {directory} -- true").Expect(125).Error);
        Assert.False(Directory.Exists(directory + "/s"));
    }

    [Fact]
    public void Memory_is_that_of_the_whole_tree_of_processes()
    {
        const int MiB = 1 << 20;
        string program = "b = bytearray(64 << 20); b[::4096] = b'1' * len(b[::4096]); import subprocess, sys; sys.argv[1:] and subprocess.run([sys.executable, '-c', sys.argv[1]])";
        DecantBinary.Script(Root, $"""
            "$decant" bench --env host --blocks 2 -o {directory}/s -- python3 -c "{program}" "b = bytearray(128 << 20); b[::4096] = b'1' * len(b[::4096]); import time; time.sleep(0.1)"
            """).Expect(0);
        Assert.All(Trials(directory + "/s"), trial => Assert.InRange(trial.GetProperty("values").GetProperty("memory.peak").GetDouble(), 192.0 * MiB, 240.0 * MiB));
    }

    [Fact]
    public void The_page_cache_of_named_files_is_counted_by_itself_and_cold_trials_find_none_of_it()
    {
        DecantBinary.Script(Root, $"""
            dd if=/dev/zero of={directory}/model bs=1M count=64 2>/dev/null
            "$decant" bench --env host --blocks 2 --cache warm --files model={directory}/model -o {directory}/s -- cat {directory}/model
            """).Expect(0);
        Assert.All(Trials(directory + "/s"), trial => Assert.InRange(trial.GetProperty("values").GetProperty("files.model").GetDouble(), 60 << 20, 64 << 20));
    }

    [Fact]
    public void Docker_and_decant_are_measured_by_the_same_instrument()
    {
        TestImages.Pulled(Root, "busybox");
        ProgramResult result = DecantBinary.Script(Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            "$decant" bench --env native=decant:busybox --env 'docker=docker:busybox --network host' --blocks 6 -o {directory}/s --json -- dd if=/dev/zero of=/dev/null bs=64M count=4
            docker ps -aq
            """).Expect(0);
        Assert.All(Trials(directory + "/s"), trial => Assert.InRange(trial.GetProperty("values").GetProperty("memory.peak").GetDouble(), 64 << 20, 80 << 20));
        Assert.All(Trials(directory + "/s").Where(trial => trial.GetProperty("environment").GetString() == "docker"), trial => Assert.True(trial.GetProperty("values").GetProperty("engine.client_memory").GetDouble() > 0));
        Assert.EndsWith("}\n", result.Output);
        Assert.Equal("", LeftOvers());
    }

    [Fact]
    public void A_ladder_measures_each_feature_against_the_rung_before_and_its_filter_is_the_only_one()
    {
        TestImages.Pulled(Root, "busybox");
        ProgramResult result = DecantBinary.Script(Root, $"""
            "$decant" bench --env host --env ladder:busybox --blocks 2 -o {directory}/s --json -- sleep 0.05
            """).Expect(0);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0];
        Assert.Equal(["host", "chroot", "+namespaces", "+cgroup", "+overlay"], report.GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("comparison").GetProperty("baseline").GetString()));
        Dictionary<string, string?> filters = report.GetProperty("environments").EnumerateArray().ToDictionary(arm => arm.GetProperty("name").GetString()!, arm => arm.GetProperty("facts").GetProperty("status.Seccomp").GetString());
        Assert.Equal("2", filters["+seccomp"]);
        Assert.All(filters.Where(filter => filter.Key != "+seccomp"), filter => Assert.Equal(filters["host"], filter.Value));
        Assert.Equal("", LeftOvers());
    }

    [Fact]
    public void The_page_cache_of_a_copy_in_the_containers_layer_explains_what_a_container_has_more()
    {
        TestImages.Pulled(Root, "busybox");
        ProgramResult result = DecantBinary.Script(Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            dd if=/dev/urandom of={directory}/weights bs=1M count=256 2>/dev/null
            cat >{directory}/e.toml <<'E'
            title = "mounted, or copied"
            metric = "host.used_free"
            blocks = 2
            cache = "cold"
            sample = "50ms"
            moment = "end"
            [files]
            weights = "{directory}/weights"
            [[environment]]
            name = "native"
            kind = "decant"
            image = "busybox"
            options = "-v {directory}:/data:ro"
            command = ["sh", "-c", "cat /data/weights >/dev/null; sleep 0.5"]
            [[environment]]
            name = "copied"
            kind = "docker"
            image = "busybox"
            options = "--network host -v {directory}:/data:ro"
            command = ["sh", "-c", "cp /data/weights /weights; cat /weights >/dev/null; sleep 0.5"]
            [[environment]]
            name = "copied and dropped"
            kind = "docker"
            image = "busybox"
            options = "--network host -v {directory}:/data:ro"
            command = ["sh", "-c", "cp /data/weights /weights; cat /weights >/dev/null; rm /weights; sleep 0.5"]
            [[environment]]
            name = "64 MiB more"
            kind = "decant"
            image = "busybox"
            options = "-v {directory}:/data:ro"
            command = ["sh", "-c", "cat /data/weights >/dev/null; dd if=/dev/zero of=/dev/null bs=64M count=40"]
            E
            "$decant" bench -f {directory}/e.toml -o {directory}/s --json
            """).Expect(0);
        Dictionary<string, JsonElement> values = Trials(directory + "/s").Where(trial => trial.GetProperty("block").GetInt32() == 0).ToDictionary(trial => trial.GetProperty("environment").GetString()!, trial => trial.GetProperty("values"));
        // A kernel that gives memory back before it is short of it takes some pages at any time (DAMON_RECLAIM).
        static void IsWhole(double bytes) => Assert.InRange(bytes, 250 << 20, 256 << 20);
        Assert.All(values.Values, trial => IsWhole(trial.GetProperty("files.weights").GetDouble()));
        IsWhole(values["copied"].GetProperty("files.container layer").GetDouble());
        Dictionary<string, JsonElement> waterfalls = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0].GetProperty("waterfalls").EnumerateArray().ToDictionary(waterfall => waterfall.GetProperty("subject").GetString()!);
        double Part(string subject, string name) => waterfalls[subject].GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("name").GetString() == name).GetProperty("bytes").GetDouble();
        IsWhole(Part("copied", "page cache of container layer"));
        JsonElement file = Assert.Single(waterfalls["copied"].GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("name").GetString() == "page cache of container layer").GetProperty("files").EnumerateArray());
        Assert.Equal("/weights", file.GetProperty("name").GetString());
        IsWhole(file.GetProperty("bytes").GetDouble());
        Assert.Equal(0, Part("copied and dropped", "page cache of container layer"));
        Assert.InRange(Part("64 MiB more", "the program's own pages"), 63 << 20, 66 << 20);
        // Of the memory in use; what the machine does beside is all in parts of their own, but for pages on their way to a virtual machine's host.
        double unseen = Regex.Match(result.Output, "\"free_page_reporting\": \"(\\d+) MiB") is { Success: true } batch ? double.Parse(batch.Groups[1].Value, CultureInfo.InvariantCulture) * (1 << 20) : 0;
        Assert.All(waterfalls.Values, waterfall => Assert.InRange(Math.Abs(waterfall.GetProperty("unexplained").GetDouble()), 0, unseen + (0.02 * values["native"].GetProperty("host.used_free").GetDouble())));
        // The machine's other programs have no part in what the cgroups say.
        Assert.InRange(values["copied"].GetProperty("memory.peak").GetDouble() - values["native"].GetProperty("memory.peak").GetDouble(), 250 << 20, 280 << 20);
        Assert.Equal("", LeftOvers());
    }

    [Theory]
    [InlineData("--env dokcer:x -- true", "no kind of environment dokcer")]
    [InlineData("-- true", "no environment is named")]
    [InlineData("--env host", "no command to measure in host")]
    [InlineData("--env host --env host -- true", "two environments are called host")]
    [InlineData("--env host --gate 'nosuch<=1' -- true", "no condition nosuch")]
    [InlineData("--env host --must-match '(' -- true", "is no regular expression")]
    [InlineData("--env native=decant:nosuchimage -- true", "no image nosuchimage")]
    [InlineData("--env ladder -- true", "the environment ladder names no image")]
    [InlineData("--env host --moment never -- true", "--moment never is neither peak nor end")]
    [InlineData("--env host --metric wal -- true", "--metric wal: there is no such metric")]
    [InlineData("--env host --fail-if 'waal > 2%' -- true", "--fail-if waal: there is no such metric")]
    [InlineData("--env 'd=docker:busybox -it -d' -- true", "d cannot have the option -d")]
    [InlineData("--env 'd=docker:busybox --name=x' -- true", "d cannot have the option --name=x")]
    [InlineData("explain a b", "takes one log, and no option but --json")]
    [InlineData("--env host --env apptainer:x -- true", "only host can be measured here")]
    [InlineData("--env host --must-open model -- true", "model is no absolute path")]
    [InlineData("--env host --must-run '[' -- true", "[ is no regular expression")]
    [InlineData("--env host --must-run a --sample 0 -- true", "there are to be none")]
    [InlineData("--env host --workload-from stderr -- true", "no --workload tells what they are")]
    [InlineData(@"--env host --must-run '(a)\1' -- true", "is no regular expression that decant runs")]
    [InlineData("--env host --blocks 0 -- true", "decant: --blocks 0 is neither")]
    [InlineData("-f /nosuch.toml", "/nosuch.toml")]
    public void What_makes_no_experiment_is_refused_with_the_reason(string arguments, string reason) =>
        Assert.Contains(reason, DecantBinary.Script(Root, $"\"$decant\" bench {arguments}").Expect(125).Error);
}
