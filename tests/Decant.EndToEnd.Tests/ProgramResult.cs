using System.Text;

namespace Decant.EndToEnd.Tests;

/// <summary>How a program ended: its exit status as a shell has it (128+n for a signal) and what it wrote.</summary>
public sealed record ProgramResult(string CommandLine, int ExitCode, byte[] OutputBytes, string Error)
{
    public string Output => Encoding.Latin1.GetString(OutputBytes);

    /// <summary>Fails with all that is known where the exit status is another one.</summary>
    public ProgramResult Expect(int exitCode)
    {
        if (ExitCode != exitCode)
            Assert.Fail($"exit status {ExitCode} instead of {exitCode}\n{this}");
        return this;
    }

    /// <summary>Fails with all that is known where the output is another one.</summary>
    public ProgramResult ExpectOutput(string output)
    {
        Expect(0);
        if (Output != output)
            Assert.Fail($"the output is not \"{output}\"\n{this}");
        return this;
    }

    public ProgramResult ExpectError(int exitCode, params string[] words)
    {
        Expect(exitCode);
        foreach (string word in words)
        {
            if (!Error.Contains(word, StringComparison.OrdinalIgnoreCase))
                Assert.Fail($"the error does not say \"{word}\"\n{this}");
        }

        return this;
    }

    public override string ToString() => $"$ {CommandLine}\n-> {ExitCode}\nstdout: {Shorten(Output)}\nstderr: {Shorten(Error)}";

    static string Shorten(string text) => text.Length <= 6000 ? text : $"{text[..3000]} … {text[^3000..]}";
}
