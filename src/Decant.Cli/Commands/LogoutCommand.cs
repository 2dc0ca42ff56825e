using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant logout REGISTRY</c></summary>
sealed class LogoutCommand : CliCommand
{
    public override string Name => "logout";

    public override string Summary => "Forget a registry's user and password";

    public override CliOperand[] Operands => [new("REGISTRY", ValueHint.Nothing)];

    public override int Run(string[] operands)
    {
        string host = RegistryReference.CheckHost(operands[0]);
        IReadOnlyList<string> files = RegistryLogin.Logout(host);
        if (files.Count == 0)
            throw new DecantException($"no file has credentials for {host}, so there is nothing to forget");
        foreach (string file in files)
            StandardStreams.WriteError($"decant: {PathBytes.Printable(file)} no longer has credentials for {host}\n");
        return ExitCode.Success;
    }
}
