using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant login [-u USER] [--password-stdin] REGISTRY</c></summary>
sealed class LoginCommand : CliCommand
{
    string? user;
    bool fromInput;

    public override string Name => "login";

    public override string Summary => "Keep a registry's user and password";

    public override CliOperand[] Operands => [new("REGISTRY", ValueHint.Nothing)];

    public override CliOption[] Options =>
    [
        new()
        {
            Name = "username", Letter = 'u', Placeholder = "USER", Help = "Who logs in; asked for where it is not given", Apply = text => user = text,
        },
        CliOption.Flag("password-stdin", '\0', OptionTopic.Output, "Read the password from standard input", on => fromInput = on),
    ];

    public override string[] Examples =>
    [
        "decant login docker.io",
        "decant login -u alice --password-stdin localhost:5000 < password",
    ];

    public override bool Refuse(string option, string? value) => option is "password" or "p"
        ? throw new DecantException("a password on the command line can be read by every user of this machine", "decant login -u USER --password-stdin REGISTRY < FILE")
        : false;

    public override int Run(string[] operands)
    {
        string host = RegistryReference.CheckHost(operands[0]);
        if (fromInput && user is null)
            throw new DecantException("--password-stdin needs --username: standard input is the password's", "decant login -u USER --password-stdin REGISTRY");
        Configuration configuration = Configuration.Load();
        string who = user ?? TerminalPrompt.Line($"User for {host}: ");
        string password = fromInput ? StandardStreams.ReadSecret() : TerminalPrompt.Secret($"Password of {who}: ");
        if (who.Length == 0 || password.Length == 0)
            throw new DecantException($"the {(who.Length == 0 ? "user" : "password")} is empty");
        string file = RegistryLogin.Login(host, who, password, configuration.Registries ?? new RegistrySettings());
        StandardStreams.WriteError($"decant: logged in to {host} as {PathBytes.Printable(who)}; {PathBytes.Printable(file)} keeps it\n");
        return ExitCode.Success;
    }
}
