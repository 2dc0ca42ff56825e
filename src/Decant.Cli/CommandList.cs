namespace Decant.Cli;

/// <summary>The commands by name. Only the one that is asked for is made.</summary>
static class CommandList
{
    /// <summary>In the order in which help shows them.</summary>
    public static string[] Names { get; } =
        ["run", "pull", "images", "inspect", "export", "pack", "rm", "gc", "fsck", "login", "logout", "doctor", "ldd", "bench", "compare", "env", "script", "host", "demo", "completion"];

    public static CliCommand? Create(string name) => name switch
    {
        "run" => new RunCommand(),
        "pull" => new PullCommand(),
        "images" => new ImagesCommand(),
        "inspect" => new InspectCommand(),
        "export" => new ExportCommand(),
        "pack" => new PackCommand(),
        "rm" => new RemoveCommand(),
        "gc" => new GcCommand(),
        "fsck" => new FsckCommand(),
        "login" => new LoginCommand(),
        "logout" => new LogoutCommand(),
        "doctor" => new DoctorCommand(),
        "ldd" => new LddCommand(),
        "bench" => new BenchCommand(),
        "compare" => new CompareCommand(),
        "env" => new EnvCommand(),
        "script" => new ScriptCommand(),
        "host" => new HostCommand(),
        "demo" => new DemoCommand(),
        "completion" => new CompletionCommand(),
        _ => null,
    };
}
