namespace Decant.Doctor;

/// <summary>Modules of Python's standard library that older releases, which images still have, are without (What's New in Python 3.6 to 3.14).</summary>
static class PythonAdditions
{
    static readonly Dictionary<string, Addition> Modules = new(StringComparer.Ordinal)
    {
        ["annotationlib"] = new(14),
        ["compression"] = new(14),
        ["contextvars"] = new(7, "contextvars"),
        ["dataclasses"] = new(7, "dataclasses"),
        ["graphlib"] = new(9, "graphlib-backport"),
        ["importlib.metadata"] = new(8, "importlib-metadata", "importlib_metadata"),
        ["importlib.resources"] = new(7, "importlib-resources", "importlib_resources"),
        ["secrets"] = new(6),
        ["tomllib"] = new(11, "tomli", "tomli"),
        ["zoneinfo"] = new(9, "backports.zoneinfo", "backports.zoneinfo"),
    };

    /// <summary>Whether a top-level module is one of these, and Python 3.N has it.</summary>
    /// <param name="minor">The N of 3.N.</param>
    public static bool Has(string top, int minor) => Modules.TryGetValue(top, out Addition? addition) && minor >= addition.Minor;

    /// <summary>Whether it came with a later Python than 3.N.</summary>
    /// <param name="module">Dotted.</param>
    /// <param name="minor">The N of 3.N.</param>
    public static bool IsLater(string module, int minor) => Later(module, minor) is not null;

    /// <summary>What to do where it came with a later Python than 3.N; null where it did not.</summary>
    /// <param name="module">Dotted.</param>
    /// <param name="minor">The N of 3.N.</param>
    /// <param name="python">How the interpreter is called, to be printed.</param>
    public static string? WhereToGet(string module, int minor, string python)
    {
        if (Later(module, minor) is not { } later)
            return null;
        Addition addition = later.Addition;
        string newer = $"{later.Name} came with Python 3.{addition.Minor}: use that or a newer one";
        if (addition.Project is null)
            return newer;
        return $"{newer}, or {python} -m pip install {addition.Project}{(addition.ImportedAs is { } name ? $", which is imported as {name}" : "")}";
    }

    static (string Name, Addition Addition)? Later(string module, int minor)
    {
        foreach ((string name, Addition addition) in Modules)
        {
            if (minor < addition.Minor && (module == name || module.StartsWith(name + ".", StringComparison.Ordinal)))
                return (name, addition);
        }

        return null;
    }

    /// <param name="Minor">The N of the first Python 3.N that has it.</param>
    /// <param name="Project">Of the Python Package Index, which brings it to older ones; null for none.</param>
    /// <param name="ImportedAs">What the project's module is called where that is another name.</param>
    sealed record Addition(int Minor, string? Project = null, string? ImportedAs = null);
}
