namespace Decant.Elf.Tests;

/// <summary>What ldd prints for a file: the truth for ordinary programs.</summary>
static class LddOutput
{
    /// <summary>The paths, and "NAME missing" for what was not found; null for a file that is not dynamic.</summary>
    public static SortedSet<string>? Of(string program, params (string Name, string Value)[] environment)
    {
        (int exit, string output) = Workbench.Run("ldd", [program], environment);
        if (exit != 0)
            return null;
        SortedSet<string> paths = new(StringComparer.Ordinal);
        foreach (string line in output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(" => ");
            string target = parts[^1].Split(" (")[0];
            if (line.StartsWith("linux-vdso", StringComparison.Ordinal) || line == "statically linked")
                continue;
            paths.Add(target == "not found" ? $"{parts[0]} missing" : target);
        }

        return paths;
    }

    public static SortedSet<string> Predicted(LibraryClosure closure) =>
        new(closure.Libraries.Select(library => library.Path ?? $"{library.Name} missing"), StringComparer.Ordinal);
}
