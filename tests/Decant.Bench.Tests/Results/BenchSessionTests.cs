using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench.Tests;

public sealed class BenchSessionTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-session").FullName;

    static readonly Experiment Experiment = new()
    {
        Title = "t",
        Command = ["true"],
        Environments = [EnvironmentSpec.Parse("host"), EnvironmentSpec.Parse("b=bwrap:x")],
    };

    public void Dispose() => Directory.Delete(directory, recursive: true);

    BenchSession Open(Experiment? experiment = null) => BenchSession.Open(directory + "/s", experiment ?? Experiment, "test", ImmutableSortedDictionary<string, string>.Empty, []);

    static Trial Trial(int number) => new() { Number = number, Block = number / 2, Environment = number % 2 == 0 ? "host" : "b", Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", 0.5 + number) };

    [Fact]
    public void Trials_are_there_again_when_the_session_is_taken_up()
    {
        using (BenchSession session = Open())
        {
            session.Add(Trial(0));
            session.Add(Trial(1));
        }

        using BenchSession again = Open();
        Assert.True(again.Continued);
        Assert.Equal([0.5, 1.5], again.Trials.Select(trial => trial.Values["wall"]));
        Assert.Equal(["wall"], BenchSession.Read(again.Path).Metrics.Select(metric => metric.Name));
    }

    [Fact]
    public void Of_an_environment_of_which_no_process_was_seen_the_surroundings_are_not_known_and_that_is_said()
    {
        using BenchSession session = Open();
        session.Add(Trial(0));
        session.Add(Trial(1));
        session.Add(new ResultEnvironment("host", "host", "host", ImmutableSortedDictionary<string, string>.Empty.Add("limit.files", "1024")));
        Assert.Contains("of b no process of the command was seen, as it ends too soon: whether variables, mounts and limits are the same there is not known", session.ToResult().Remarks);
        session.Add(new ResultEnvironment("b", "bwrap", "b", ImmutableSortedDictionary<string, string>.Empty.Add("limit.files", "1024")));
        Assert.DoesNotContain(session.ToResult().Remarks, remark => remark.Contains("no process", StringComparison.Ordinal));
    }

    [Fact]
    public void A_seed_is_drawn_where_none_is_declared_and_stays_the_session_s()
    {
        ulong drawn;
        using (BenchSession session = Open())
            drawn = session.Seed;
        using (BenchSession again = Open())
            Assert.Equal(drawn, again.Seed);
        Assert.Contains($"seed {drawn}", BenchSession.Read(directory + "/s").Design["order"]);
        Directory.Delete(directory + "/s", recursive: true);
        using BenchSession declared = Open(Experiment with { Seed = 7 });
        Assert.Equal(7UL, declared.Seed);
    }

    [Fact]
    public void A_session_that_never_measured_anything_is_in_nobody_s_way()
    {
        using (BenchSession session = Open())
            session.Add(Trial(0) with { Failure = "it ended with code 127" });
        using (BenchSession other = Open(Experiment with { Command = ["false"] }))
            Assert.Empty(other.Trials);
        Assert.Equal(["false"], BenchSession.Read(directory + "/s").Command);
    }

    [Fact]
    public void Trials_that_failed_late_are_left_alone_by_another_experiment()
    {
        using (BenchSession session = Open())
        {
            for (int i = 0; i < 3; i++)
                session.Add(Trial(i) with { Failure = "its output does not match x" });
        }

        Assert.Contains("another experiment", Assert.Throws<DecantException>(() => Open(Experiment with { Command = ["false"] })).Message);
        Assert.Equal(3, BenchSession.Read(directory + "/s").Trials.Length);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_measured_again_and_those_before_it_are_kept()
    {
        using (BenchSession session = Open())
        {
            session.Add(Trial(0));
            session.Add(Trial(1));
        }

        byte[] bytes = File.ReadAllBytes(directory + "/s/trials.jsonl");
        File.WriteAllBytes(directory + "/s/trials.jsonl", bytes[..^7]);
        using (BenchSession again = Open())
        {
            Assert.Single(again.Trials);
            again.Add(Trial(1));
        }

        Assert.Equal(2, BenchSession.Read(directory + "/s").Trials.Length);
    }

    [Fact]
    public void Samples_are_their_trial_s_and_a_line_of_them_that_was_cut_off_spoils_nothing()
    {
        Trial Sampled(int number, int count) => Trial(number) with
        {
            Samples = [.. Enumerable.Range(0, count).Select(i => new Bench.Sample(i, HostMemory.Parse($"MemTotal: 9 kB\nMemFree: {i} kB"), null, null, null, Running: true))],
        };
        using (BenchSession session = Open())
        {
            session.Add(Sampled(0, 3));
            session.Add(Sampled(1, 2));
        }

        // As if decant had been ended while it wrote the samples of trial 1, and then of a third trial.
        byte[] bytes = File.ReadAllBytes(directory + "/s/samples.jsonl");
        File.WriteAllBytes(directory + "/s/samples.jsonl", [.. bytes, .. bytes[..^9]]);
        Assert.Equal([3, 2], BenchSession.Read(directory + "/s").Trials.Select(trial => trial.Samples.Length));
        using (BenchSession again = Open())
            again.Add(Sampled(2, 4));
        Assert.Equal([3, 2, 4], BenchSession.Read(directory + "/s").Trials.Select(trial => trial.Samples.Length));
        Assert.Equal(8 << 10, BenchSession.Read(directory + "/s").Trials[0].Samples[1].Host.UsedFree);
    }

    [Fact]
    public void Another_experiment_s_directory_is_left_alone()
    {
        using (BenchSession session = Open())
            session.Add(Trial(0));
        Assert.Contains("another experiment", Assert.Throws<DecantException>(() => Open(Experiment with { Seed = 1 })).Message);
    }

    [Fact]
    public void A_directory_with_something_else_in_it_is_left_alone()
    {
        Directory.CreateDirectory(directory + "/s");
        File.WriteAllText(directory + "/s/thesis.tex", "");
        Assert.Contains("is not empty", Assert.Throws<DecantException>(() => Open()).Message);
    }

    [Fact]
    public void Two_measurements_into_one_directory_do_not_mix()
    {
        using BenchSession session = Open();
        Assert.Contains("another decant bench", Assert.Throws<DecantException>(() => Open()).Message);
    }

    [Fact]
    public void A_damaged_line_is_told_with_its_place()
    {
        using (BenchSession session = Open())
            session.Add(Trial(0));
        File.AppendAllText(directory + "/s/trials.jsonl", "{\"number\": x}\n");
        Assert.Contains("trials.jsonl:2:", Assert.Throws<DecantException>(() => BenchSession.Read(directory + "/s")).Message);
    }

    [Fact]
    public void Environments_that_could_not_be_measured_are_in_the_result_by_name_and_reason()
    {
        using BenchSession session = BenchSession.Open(directory + "/s", Experiment, "test", ImmutableSortedDictionary<string, string>.Empty.Add("b", "no bwrap"), []);
        session.Add(Trial(0));
        BenchResult result = session.ToResult();
        Assert.Equal(["host"], result.Environments.Select(arm => arm.Name));
        Assert.Equal(["b was not measured: no bwrap"], result.Remarks);
        Assert.Empty(result.Questions);
    }

    [Theory]
    [InlineData("\"environment\":\"host\"", "\"environment\":\"other\"", "the experiment has no such environment")]
    [InlineData("\"block\":0", "\"block\":-4", "its number or block is below 0")]
    [InlineData("\"number\":0", "\"number\":1", "it is there twice")]
    [InlineData("0.5", "1e400", "a value is no number")]
    public void A_trial_that_cannot_be_is_refused_by_its_line(string found, string changed, string reason)
    {
        using (BenchSession session = Open())
        {
            session.Add(Trial(0));
            session.Add(Trial(1));
        }

        string file = directory + "/s/trials.jsonl";
        File.WriteAllText(file, File.ReadAllText(file).Replace(found, changed));
        string message = Assert.Throws<DecantException>(() => BenchSession.Read(directory + "/s")).Message;
        Assert.Matches("trials.jsonl:[12]: ", message);
        Assert.EndsWith(reason, message);
    }

    [Theory]
    [InlineData("\"marginPercent\":1,", "\"marginPercent\":-1,")]
    [InlineData("\"primary\":\"wall\",", "\"primary\":null,")]
    public void A_header_that_declares_no_experiment_is_refused(string found, string changed)
    {
        Open().Dispose();
        string file = directory + "/s/session.json", text = File.ReadAllText(file);
        Assert.Contains(found, text);
        File.WriteAllText(file, text.Replace(found, changed));
        Assert.Contains("declares no experiment", Assert.Throws<DecantException>(() => BenchSession.Read(directory + "/s")).Message);
    }

    [Fact]
    public void A_session_that_was_taken_up_after_its_report_says_so()
    {
        using (BenchSession session = Open(Experiment with { Budget = TimeSpan.FromSeconds(2) }))
        {
            session.Add(Trial(0));
            session.Finish("the budget of 2 s is spent after 5 blocks");
            Assert.Contains("measuring ended as the budget of 2 s is spent after 5 blocks", session.ToResult().Remarks);
        }

        using BenchSession again = Open(Experiment with { Budget = TimeSpan.FromSeconds(2) });
        again.Finish("the budget of 2 s is spent after 10 blocks");
        Assert.StartsWith("measuring ended 2 times, each time with a report", Assert.Single(again.ToResult().Remarks, remark => remark.StartsWith("measuring", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_session_in_the_place_of_a_file_is_refused()
    {
        File.WriteAllText(directory + "/s", "");
        Assert.Contains("/s: Not a directory", Assert.ThrowsAny<DecantException>(() => Open()).Message);
    }
}
