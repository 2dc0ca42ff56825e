using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant completion bash|zsh|fish</c></summary>
sealed class CompletionCommand : CliCommand
{
    static readonly string[] Shells = ["bash", "zsh", "fish"];

    public override string Name => "completion";

    public override string Summary => "Print a shell's completion script";

    public override CliOperand[] Operands => [new("SHELL", ValueHint.Choices) { Choices = Shells }];

    public override string[] Examples =>
    [
        "decant completion bash > ~/.local/share/bash-completion/completions/decant",
        "decant completion zsh > ~/.zfunc/_decant        # with ~/.zfunc in $fpath",
        "decant completion fish > ~/.config/fish/completions/decant.fish",
    ];

    public override int Run(string[] operands)
    {
        StandardStreams.Write(operands[0] switch
        {
            "bash" => BashCompletion.Script(),
            "zsh" => ZshCompletion.Script(),
            "fish" => FishCompletion.Script(),
            _ => throw new DecantException($"no completion for {PathBytes.Printable(operands[0])}", "decant completion bash, zsh or fish"),
        });
        return ExitCode.Success;
    }
}
