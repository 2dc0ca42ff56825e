using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class ArgumentMatcherTests
{
    [Theory]
    [InlineData("-e A=1 img")]
    [InlineData("-eA=1 img")]
    [InlineData("-e=A=1 img")]
    [InlineData("--env A=1 img")]
    [InlineData("--env=A=1 img")]
    [InlineData("-ite A=1 img")]
    [InlineData("-iteA=1 img")]
    public void A_value_is_written_in_many_ways(string line) => Assert.Equal(["A=1"], Match(line).Env);

    [Theory]
    [InlineData("-it img", true, true)]
    [InlineData("-ti img", true, true)]
    [InlineData("-i -t img", true, true)]
    [InlineData("--interactive --tty img", true, true)]
    [InlineData("-i=true img", true, false)]
    [InlineData("-i=false img", false, false)]
    [InlineData("-ti=0 img", false, true)]
    [InlineData("--interactive=false --tty=1 img", false, true)]
    public void Flags_bundle_and_may_have_a_value(string line, bool interactive, bool terminal)
    {
        Sample sample = Match(line);
        Assert.Equal((interactive, terminal), (sample.Interactive, sample.Terminal));
    }

    [Theory]
    [InlineData("img -i --env x -- -e")]
    [InlineData("-- img -i --env x -- -e")]
    public void Everything_after_the_first_operand_is_the_programs(string line)
    {
        Sample sample = Match(line);
        Assert.Equal(["img", "-i", "--env", "x", "--", "-e"], sample.Words);
        Assert.False(sample.Interactive);
    }

    [Fact]
    public void A_single_dash_is_an_operand() => Assert.Equal(["-"], Match("-").Words);

    [Fact]
    public void Without_the_rule_options_may_follow_operands()
    {
        Sample sample = new() { First = false };
        Assert.Equal(["img", "x", "-t"], ArgumentMatcher.Match(sample, ["img", "-i", "x", "--", "-t"]).Operands);
        Assert.True(sample.Interactive);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-i --help")]
    [InlineData("-ih")]
    public void Help_is_asked_for_anywhere_among_the_options(string line) =>
        Assert.True(ArgumentMatcher.Match(new Sample(), line.Split(' ')).HelpAsked);

    [Fact]
    public void Help_after_the_operand_is_the_programs() => Assert.Equal(["img", "--help"], Match("img --help").Words);

    [Theory]
    [InlineData("--enf A img", "sample has no option --enf; did you mean --env?", "decant sample --help")]
    [InlineData("-x img", "sample has no option -x", "decant sample --help")]
    [InlineData("-ix img", "sample has no option -x", "decant sample --help")]
    [InlineData("--env", "--env needs a value: --env NAME[=VALUE]", "decant sample --help")]
    [InlineData("-ie", "-e needs a value: -e NAME[=VALUE]", "decant sample --help")]
    [InlineData("--tty=maybe img", "--tty maybe: maybe is neither true nor false", null)]
    [InlineData("-i", "sample needs IMAGE: decant sample [options] IMAGE [CMD...]", "decant sample --help")]
    public void Bad_use_is_answered_with_what_is_right(string line, string message, string? fix)
    {
        DecantException e = Assert.Throws<DecantException>(() => Match(line));
        Assert.Equal((message, fix), (e.Message, e.Fix));
    }

    [Fact]
    public void Bytes_that_are_not_text_come_from_the_process_itself() =>
        Assert.Equal(["run", "a\udcffb", ""], CommandLineBytes.Split([.. "decant\0run\0a"u8, 0xff, .. "b\0\0"u8], 3));

    [Theory]
    [InlineData("imags", "images")]
    [InlineData("rnu", "run")]
    [InlineData("pul", "pull")]
    [InlineData("deploy", null)]
    [InlineData("x", null)]
    public void The_nearest_word_is_offered_if_it_is_near(string word, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(word, CommandList.Names));

    static Sample Match(string line)
    {
        Sample sample = new();
        sample.Words = ArgumentMatcher.Match(sample, line.Split(' ')).Operands;
        return sample;
    }

    sealed class Sample : CliCommand
    {
        public List<string> Env { get; } = [];
        public bool Interactive { get; private set; }
        public bool Terminal { get; private set; }
        public bool First { get; init; } = true;
        public IReadOnlyList<string> Words { get; set; } = [];

        public override string Name => "sample";
        public override string Summary => "A sample";
        public override bool OptionsComeFirst => First;

        public override CliOperand[] Operands =>
            [new("IMAGE", ValueHint.Images), new("CMD", ValueHint.Files, Optional: true, Repeated: true)];

        public override CliOption[] Options =>
        [
            new() { Name = "env", Letter = 'e', Placeholder = "NAME[=VALUE]", Help = "Set", Apply = Env.Add },
            CliOption.Flag("interactive", 'i', OptionTopic.Program, "Input", on => Interactive = on),
            CliOption.Flag("tty", 't', OptionTopic.Program, "Terminal", on => Terminal = on),
        ];

        public override int Run(string[] operands) => 0;
    }
}
