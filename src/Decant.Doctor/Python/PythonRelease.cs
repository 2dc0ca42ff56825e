using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Which release of a package is installed, by the name of its metadata (Python packaging specifications, "Recording installed projects" and "Names and normalization").</summary>
static class PythonRelease
{
    /// <param name="package">Its top-level module.</param>
    /// <param name="directory">That the package is in.</param>
    /// <returns>Such as "numpy 1.24.2"; null where nothing tells.</returns>
    public static string? Of(string package, string directory, PythonFiles files)
    {
        foreach (string name in files.Names(directory) ?? [])
        {
            string ending = name.EndsWith(".egg-info", StringComparison.Ordinal) ? ".egg-info" : ".dist-info";
            if (!name.EndsWith(ending, StringComparison.Ordinal))
                continue;
            // NAME-VERSION, and the Python behind it in older ones.
            string[] parts = name[..^ending.Length].Split('-');
            if (parts.Length > 1 && Normalized(parts[0]) is var project && (project == Normalized(package) || project == Normalized(PythonDistributions.Of(package))))
                return $"{PathBytes.Printable(package)} {PathBytes.Printable(parts[1])}";
        }

        return null;
    }

    static string Normalized(string project) => string.Join('-', project.ToLowerInvariant().Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries));
}
