using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A line that imports, and the import that led to its file.</summary>
/// <param name="File">What messages call it.</param>
/// <param name="Line">0 for the command line.</param>
/// <param name="Imports">The module that the line names.</param>
/// <param name="Outer">Null for what the interpreter was started with.</param>
sealed record PythonCaller(string File, int Line, string Imports, PythonCaller? Outer)
{
    const int MostLines = 8;

    /// <summary>The way from the program's own source to here, outermost first.</summary>
    public IReadOnlyList<string> Chain()
    {
        List<string> lines = [];
        for (PythonCaller? caller = this; caller is not null; caller = caller.Outer)
            lines.Add($"{caller.Place} imports {PathBytes.Printable(caller.Imports)}");
        lines.Reverse();
        if (lines.Count > MostLines)
            lines.RemoveRange(MostLines / 2, lines.Count - MostLines);
        return lines;
    }

    /// <summary>The file is on the way, so that it has not been run to its end.</summary>
    public bool IsWithin(string file)
    {
        for (PythonCaller? caller = this; caller is not null; caller = caller.Outer)
        {
            if (caller.File == file)
                return true;
        }

        return false;
    }

    public string Place => Line == 0 ? PathBytes.Printable(File) : $"{PathBytes.Printable(File)}:{Line}";
}
