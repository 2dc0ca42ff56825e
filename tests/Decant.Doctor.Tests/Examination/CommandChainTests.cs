namespace Decant.Doctor.Tests;

public sealed class CommandChainTests
{
    [Theory]
    [InlineData("env A=1 -u B app x", "app x")]
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
    [InlineData("bash", "-c", "for x in 1 2")]
    [InlineData("env", "A=1")]
    [InlineData("env", "-i", "app")]
    [InlineData("mpirun")]
    public void What_starts_nothing_that_its_words_tell_leads_nowhere(params string[] arguments)
    {
        using ScratchRoot root = new();
        Assert.Null(CommandChain.Inner(root.Command(arguments)));
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
