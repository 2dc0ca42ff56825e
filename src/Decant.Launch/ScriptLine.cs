using Decant.Linux;

namespace Decant.Launch;

/// <summary>The "#!" line of a script (execve(2), "Interpreter scripts").</summary>
/// <param name="Script">The script's path.</param>
/// <param name="Interpreter">As the line names it.</param>
/// <param name="Argument">The rest of the line, which is one argument; null where there is none.</param>
public sealed record ScriptLine(string Script, string Interpreter, string? Argument)
{
    /// <summary>What env(1) is to find on PATH; null where the interpreter is another.</summary>
    public string? Program
    {
        get
        {
            if (Argument is null || !(Interpreter == "env" || Interpreter.EndsWith("/env", StringComparison.Ordinal)))
                return null;
            string[] words = Argument.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            // Without -S the whole rest is one name, blanks included.
            if (words is not ["-S" or "--split-string", ..])
                return Argument.StartsWith('-') || Argument.Contains('=') ? null : Argument;
            return Array.Find(words[1..], word => !word.StartsWith('-') && !word.Contains('='));
        }
    }

    /// <summary>Null for a file that does not begin with such a line.</summary>
    public static ScriptLine? Parse(string path, ReadOnlySpan<byte> start)
    {
        if (!start.StartsWith("#!"u8))
            return null;
        int end = start.IndexOf((byte)'\n');
        string line = PathBytes.Decode(start[2..(end < 0 ? start.Length : end)]).Trim(' ', '\t');
        int blank = line.AsSpan().IndexOfAny(' ', '\t');
        if (line.Length == 0)
            return null;
        return blank < 0 ? new ScriptLine(path, line, null) : new ScriptLine(path, line[..blank], line[blank..].TrimStart(' ', '\t'));
    }
}
