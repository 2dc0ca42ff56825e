using System.Runtime.CompilerServices;

namespace Decant.Cli.Tests;

public sealed class DocsTests
{
    [Fact]
    public void Every_option_of_run_is_in_its_page()
    {
        string page = File.ReadAllText(Page("run.md"));
        foreach (CliOption option in new RunCommand().Options)
        {
            string letter = option.Letter == '\0' ? "" : $"-{option.Letter}, ";
            string value = option.IsFlag ? "" : " " + option.Placeholder!.Replace("|", "\\|");
            Assert.Contains($"| `{letter}--{option.Name}{value}` |", page);
        }
    }

    [Theory]
    [InlineData("export", "export.md")]
    [InlineData("pack", "pack.md")]
    [InlineData("compare", "compare.md")]
    public void Every_option_of_the_command_is_in_its_page(string command, string file)
    {
        string page = File.ReadAllText(Page(file));
        Assert.All(CommandList.Create(command)!.Options, option => Assert.Contains($"`--{option.Name}", page));
    }

    [Fact]
    public void Every_option_of_bench_is_in_its_page()
    {
        string page = File.ReadAllText(Page("bench.md"));
        Assert.All(new BenchCommand().Options, option => Assert.Contains($"`--{option.Name}", page));
    }

    [Fact]
    public void Every_refused_option_is_in_the_page_of_run()
    {
        string page = File.ReadAllText(Page("run.md"));
        foreach (RefusedOption refusal in RefusedOptions.All())
            Assert.Contains($"`--{refusal.Name}`", page);
    }

    [Fact]
    public void Every_option_of_login_is_in_its_page()
    {
        string page = File.ReadAllText(Page("login.md"));
        foreach (CliOption option in new LoginCommand().Options)
            Assert.Contains($"--{option.Name}", page);
    }

    [Fact]
    public void Every_option_of_ldd_beside_those_of_run_is_in_its_page()
    {
        string page = File.ReadAllText(Page("ldd.md"));
        HashSet<string> ofRun = [.. new RunCommand().Options.Select(option => option.Name)];
        Assert.All(new LddCommand().Options.Where(option => !ofRun.Contains(option.Name) || option.Name == "json"), option => Assert.Contains($"`--{option.Name}", page));
    }

    [Fact]
    public void Every_option_of_doctor_beside_those_of_run_is_in_its_page()
    {
        string page = File.ReadAllText(Page("doctor.md"));
        HashSet<string> ofRun = [.. new RunCommand().Options.Select(option => option.Name)];
        Assert.All(new DoctorCommand().Options.Where(option => !ofRun.Contains(option.Name) || option.Name == "json"), option => Assert.Contains($"`--{option.Name}", page));
    }

    [Fact]
    public void Every_schema_is_documented()
    {
        string page = File.ReadAllText(Page("json.md"));
        Assert.All(["decant.images/1", "decant.inspect/1", "decant.pull/1", "decant.gc/1", "decant.fsck/1", "decant.env/1", "decant.ldd/1", "decant.doctor/1", "decant.plan/1", "decant.host/1", "decant.pack/1", "decant.bench.results/1", "decant.bench.session/1"], schema => Assert.Contains($"`{schema}`", page));
    }

    static string Page(string name, [CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "docs", name);
}
