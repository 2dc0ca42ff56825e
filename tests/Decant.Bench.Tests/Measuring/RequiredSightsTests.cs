using System.Diagnostics;

namespace Decant.Bench.Tests;

public sealed class RequiredSightsTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-sights").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Of a shell and what it started, until nothing is missing or the shell has been looked at for three seconds.</summary>
    string? Missing(string script, string[] processes, string[] files, params string[] command)
    {
        RequiredSights sights = new([.. command], processes, files);
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = directory })!;
        for (int look = 0; look < 300 && !sights.Complete; look++)
        {
            sights.Look(ProcessTree.Of(shell.Id));
            Thread.Sleep(10);
        }

        shell.Kill(entireProcessTree: true);
        shell.WaitForExit();
        return sights.Failure();
    }

    [Fact]
    public void Words_and_files_of_any_process_below_count()
    {
        File.WriteAllText($"{directory}/model", "weights");
        Assert.Null(Missing("sleep 31 <model & wait", ["^sleep 3[12]$"], [$"{directory}/model"]));
        Assert.Null(Missing("sleep 31 <model & wait", [], [directory]));
    }

    [Fact]
    public void What_was_not_seen_is_told_with_what_was()
    {
        Assert.Equal("no process was seen with /data/model open", Missing("sleep 31", [], ["/data/model"]));
        Assert.Matches("^no process was seen whose command line matches --model large; seen were: .*sleep 31", Missing("sleep 31; :", ["--model large"], []));
    }

    [Fact]
    public void A_file_whose_name_begins_alike_is_another_one()
    {
        File.WriteAllText($"{directory}/model-small", "weights");
        Assert.NotNull(Missing("sleep 31 <model-small & wait", [], [$"{directory}/model"]));
    }

    [Fact]
    public void A_file_of_the_same_path_below_another_directory_is_another_one()
    {
        Directory.CreateDirectory($"{directory}/other{directory}");
        File.WriteAllText($"{directory}/other{directory}/model", "weights");
        Assert.NotNull(Missing($"sleep 31 <other{directory}/model & wait", [], [$"{directory}/model"]));
        Assert.NotNull(Missing($"sleep 31 <other{directory}/model & wait", [], [directory + "/model/"]));
    }

    [Fact]
    public void A_process_after_chroot_is_asked_by_its_own_paths()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "chroot(2) takes root");
        File.WriteAllText($"{directory}/model", "weights");
        Assert.Null(Missing($"mkdir root; exec unshare -m sh -c 'mount --rbind / {directory}/root; exec chroot {directory}/root sh -c \"sleep 31 <{directory}/model & wait\"'", [], [$"{directory}/model"]));
    }

    [Fact]
    public void A_pattern_that_would_take_for_ever_elsewhere_takes_no_time() =>
        Assert.Contains("no process was seen", Missing("sleep 31; : aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ["(a+)+X$"], []));

    [Fact]
    public void A_launcher_that_has_the_commands_words_is_not_looked_at()
    {
        File.WriteAllText($"{directory}/launch", "exec sh -c 'sleep 31; :' launcher one two run --model large");
        Assert.Matches("seen were: .*sleep 31$", Missing("exec sh launch", ["--model large"], [], "run", "--model", "large"));
    }
}
