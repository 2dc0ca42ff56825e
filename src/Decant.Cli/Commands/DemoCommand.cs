using Decant.Doctor;

namespace Decant.Cli;

/// <summary><c>decant demo</c></summary>
sealed class DemoCommand : CliCommand
{
    public override string Name => "demo";

    public override string Summary => "Make a small image from this host and run it";

    public override int Run(string[] operands)
    {
        using StreamWriter output = StandardStreams.OpenOutput();
        return Demo.Run(output, Colours.OnOutput);
    }
}
