namespace Decant.Doctor.Tests;

public sealed class CommandChainTests
{
    [Theory]
    [InlineData("env -u B A=1 app x", "app x")]
    [InlineData("nice -n 5 app", "app")]
    [InlineData("timeout -k 5 10 app y", "app y")]
    [InlineData("taskset 0x3 app", "app")]
    [InlineData("taskset -c 0,1 app", "app")]
    [InlineData("numactl --localalloc -N 0 app", "app")]
    [InlineData("nohup app", "app")]
    [InlineData("tini -- app z", "app z")]
    [InlineData("mpirun -np 2 --mca btl self,vader -x LD_LIBRARY_PATH app : -np 1 other", "app")]
    [InlineData("/opt/bin/mpiexec --map-by core -H a,b -n 4 python3 train.py", "python3 train.py")]
    [InlineData("sh -c app", "app")]
    public void A_command_that_starts_another_leads_to_it(string outer, string inner)
    {
        using ScratchRoot root = new();
        Assert.Equal(inner.Split(' '), CommandChain.Inner(root.Command(outer.Split(' ')))!.Arguments);
    }

    [Theory]
    [InlineData("mpirun --display bind --forward-signals SIGUSR1 -np 2 app x", "app x")]
    [InlineData("mpirun --oversubscribe missing x", "missing x")]
    [InlineData("mpirun -np 2 missing", "missing")]
    [InlineData("ionice --class 3 app", "app")]
    public void A_value_of_an_option_that_is_not_known_is_no_program(string outer, string inner)
    {
        using ScratchRoot root = new();
        root.File("/usr/bin/app", "#!/bin/sh\n", executable: true).File("/bin/sh", "", executable: true);
        Assert.Equal(inner.Split(' '), CommandChain.Inner(root.Command(outer.Split(' ')))!.Arguments);
    }

    [Theory]
    [InlineData("taskset", "-pc", "1")]
    [InlineData("sh", "-c", "times")]
    [InlineData("bash", "-c", "time false")]
    [InlineData("app", "--flag")]
    [InlineData("sh", "script.sh")]
    [InlineData("sh", "-c", "a | b")]
    [InlineData("sh", "-c", "cd /tmp")]
    [InlineData("sh", "-c", "app; other")]
    [InlineData("sh", "-c", "app && other || third")]
    [InlineData("sh", "-c", "app & other")]
    [InlineData("sh", "-c", "app > out")]
    [InlineData("sh", "-c", "app $X")]
    [InlineData("sh", "-c", "app ~/x")]
    [InlineData("bash", "-c", "[[ -e x ]]")]
    [InlineData("bash", "-c", "app {1,2}")]
    [InlineData("sh", "-c", "cd a; app")]
    [InlineData("sh", "-c", "A=1")]
    [InlineData("sh", "-c", "exec -a x app")]
    [InlineData("env", "-0", "app")]
    [InlineData("env", "--null", "app")]
    [InlineData("env", "--version")]
    [InlineData("env", "-S", "app 'x")]
    [InlineData("env", "-x", "app")]
    [InlineData("env", "-u")]
    [InlineData("xargs")]
    [InlineData("xargs", "-r", "app")]
    [InlineData("xargs", "-I{}", "app", "{}")]
    [InlineData("bash", "-c", "for x in 1 2")]
    [InlineData("env", "A=1")]
    [InlineData("mpirun")]
    public void What_starts_nothing_that_its_words_tell_leads_nowhere(params string[] arguments)
    {
        using ScratchRoot root = new();
        Assert.Null(CommandChain.Inner(root.Command(arguments)));
    }

    [Theory]
    [InlineData("app x", "env", "-i", "app", "x")]
    [InlineData("app", "env", "-", "A=1", "app")]
    [InlineData("app", "env", "-iv", "--unset=B", "--", "A=1", "app")]
    [InlineData("app -x y z", "env", "-S", "app -x ${V} z")]
    [InlineData("app x", "env", "-iS A=1 app", "x")]
    [InlineData("app", "env", "--split-string=-u B app")]
    [InlineData("app", "env", "-C", "/", "app")]
    [InlineData("app", "env", "--chdir=/", "-a", "other", "app")]
    [InlineData("app", "time", "-f", "%e", "-v", "app")]
    [InlineData("app x", "xargs", "-0", "-n", "1", "--max-procs=2", "app", "x")]
    [InlineData("app", "stdbuf", "-oL", "-e", "0", "app")]
    [InlineData("app x", "sh", "-c", "FOO=1 BAR='a b' app x")]
    [InlineData("app a b", "bash", "-euo", "pipefail", "-c", "exec app a 'b'")]
    [InlineData("app", "sh", "-e", "-c", "cd / && app && other")]
    [InlineData("app x", "sh", "-c", "app \"x\";", "name", "more")]
    public void Options_variables_and_quotes_are_taken_off(string inner, params string[] outer)
    {
        using ScratchRoot root = new();
        Assert.Equal(inner.Split(' '), CommandChain.Inner(root.Command([("V", "y")], outer))!.Arguments);
    }

    [Fact]
    public void What_env_clears_and_where_it_goes_counts_for_what_it_starts()
    {
        using ScratchRoot root = new();
        ExaminedCommand inner = CommandChain.Inner(root.Command([("V", "y"), ("W", "z")], ["env", "-i", "-C", "opt", "A=1", "app"]))!;
        Assert.Equal("A=1", Assert.Single(inner.Environment.ToStrings()));
        Assert.Equal("/opt", inner.WorkingDirectory);
        inner = CommandChain.Inner(root.Command([("V", "y"), ("W", "z")], ["env", "-u", "V", "PATH=/x", "app"]))!;
        Assert.Equal((null, "z", "/x"), (inner.Environment["V"], inner.Environment["W"], inner.Environment["PATH"]));
    }

    [Fact]
    public void A_shell_that_reads_files_of_its_own_first_is_not_followed()
    {
        using ScratchRoot root = new();
        Assert.NotNull(CommandChain.Inner(root.Command("bash", "-lc", "app")));
        root.File("/etc/profile", "").File("/env", "");
        Assert.Null(CommandChain.Inner(root.Command("bash", "-lc", "app")));
        Assert.Null(CommandChain.Inner(root.Command([("BASH_ENV", "/env")], ["bash", "-c", "app"])));
    }

    [Fact]
    public void Stdbuf_has_its_library_loaded_first()
    {
        using ScratchRoot root = new();
        root.File("/usr/libexec/coreutils/libstdbuf.so", "");
        Assert.Equal("/a.so:/usr/libexec/coreutils/libstdbuf.so", CommandChain.Inner(root.Command([("LD_PRELOAD", "/a.so")], ["stdbuf", "-o0", "app"]))!.Environment["LD_PRELOAD"]);
    }

    [Theory]
    [InlineData("orterun -np 2 rank x", "/rank x")]
    [InlineData("orterun -np 2 -wd /work ranks", "/work/ranks")]
    [InlineData("orterun --path /none:/work -np 2 ranks", "/work/ranks")]
    [InlineData("orterun -np 2 app", "app")]
    [InlineData("mpiexec.hydra -n 2 rank", "rank")]
    public void Open_MPI_finds_programs_where_PATH_does_not(string outer, string inner)
    {
        using ScratchRoot root = new();
        root.File("/rank", "#!/bin/sh\n", executable: true).File("/work/ranks", "#!/bin/sh\n", executable: true)
            .File("/usr/bin/app", "#!/bin/sh\n", executable: true).File("/app", "#!/bin/sh\n", executable: true).File("/bin/sh", "", executable: true);
        Assert.Equal(inner.Split(' '), CommandChain.Inner(root.Command(outer.Split(' ')))!.Arguments);
    }

    [Theory]
    [InlineData("sh", true)]
    [InlineData("env", true)]
    [InlineData("bash", false)]
    public void A_script_without_interpreter_gives_way_to_a_later_program(string starter, bool gives)
    {
        using ScratchRoot root = new();
        root.File("/one/app", "#!/none\n", executable: true).File("/two/app", "#!/bin/sh\n", executable: true).File("/bin/sh", "", executable: true)
            .File("/bin/bash", "", executable: true).File("/bin/env", "", executable: true);
        string[] words = starter == "env" ? ["env", "app"] : [starter, "-c", "app"];
        ExaminedCommand inner = CommandChain.Inner(root.Command([("PATH", "/one:/two:/bin")], words))!;
        if (gives)
            Assert.Equal("/two/app", inner.Programs.Find("app").Scripts[0].Script);
        else
            Assert.Equal("/none", Assert.Throws<ProgramException>(() => inner.Programs.Find("app")).Name);
    }

    [Fact]
    public void Variables_on_the_command_line_reach_the_inner_command()
    {
        using ScratchRoot root = new();
        ExaminedCommand inner = CommandChain.Inner(root.Command([("B", "2")], ["env", "-u", "B", "A=1", "app"]))!;
        Assert.Equal(("1", null), (inner.Environment["A"], inner.Environment["B"]));
        Assert.Equal("x", CommandChain.Inner(root.Command("mpirun", "-x", "V=x", "app"))!.Environment["V"]);
    }

    [Theory]
    [InlineData("app --lr 1", "app")]
    [InlineData("python3 -W ignore train.py --lr 1", "python3 -W ignore train.py --lr 1")]
    [InlineData("mpirun -np 2 app", "mpirun -np 2 app")]
    public void The_answer_depends_on_no_more_words_than_it_must(string command, string relevant) =>
        Assert.Equal(relevant.Split(' '), Decant.Doctor.Examination.Relevant(command.Split(' ')));
}
