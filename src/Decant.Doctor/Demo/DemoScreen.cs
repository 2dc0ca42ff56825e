namespace Decant.Doctor;

/// <summary>The demo's page: headings, commands as a user types them, their output, and what was checked.</summary>
/// <param name="colours">Plain ANSI colours, and no cursor movement, so that a log reads the same.</param>
sealed class DemoScreen(TextWriter output, bool colours)
{
    public int Failures { get; private set; }

    public void Heading(string text) => output.WriteLine($"\n{Colour("1", text)}");

    public void Line(string text) => output.WriteLine($"  {text}");

    /// <summary>A command line behind the prompt of its user, with what it took at the end.</summary>
    public void Command(string prompt, string commandLine, string cost) =>
        output.WriteLine($"  {Colour("36", prompt)} {Colour("1", commandLine)}  {Colour("2", cost)}");

    public void Output(string text)
    {
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.Length > 0)
                output.WriteLine($"    {Printable(line)}");
        }
    }

    public void Check(bool good, string text)
    {
        if (!good)
            Failures++;
        output.WriteLine(good ? $"    {Colour("32", "ok")} {text}" : $"    {Colour("31", "FAILED")} {text}");
    }

    string Colour(string code, string text) => colours ? $"\e[{code}m{text}\e[0m" : text;

    /// <summary>What a program prints may not steer the terminal.</summary>
    static string Printable(string line) => string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? '?' : c));
}
