using System.Globalization;
using System.Text;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Whether the Triton that a Python program imports knows the CUDA of the ptxas that it will run: it asks the tool for its release, and has a
/// table of those that it knows (ptx_get_version of its NVIDIA backend).
/// </summary>
static class TritonCheck
{
    const string PtxasPath = "TRITON_PTXAS_PATH";
    const int MostBytes = 4 << 20;

    /// <summary>Where releases have had the table.</summary>
    static readonly string[] tables = ["backends/nvidia/compiler.py", "compiler/backends/cuda.py", "compiler/compiler.py", "common/backend.py"];

    /// <param name="command">Runs Python.</param>
    /// <param name="package">Triton's own directory, as the program imports it.</param>
    public static Finding? Examine(ExaminedCommand command, string package)
    {
        (string? table, HashSet<int> known) = Table(command.View, package);
        if (table is null || Tool(command, package) is not { } tool || command.Root.Cuda.OfTool(tool.Path) is not { } version || known.Contains(version.Major))
            return null;
        List<EnvironmentChange> candidates = [];
        foreach (CudaToolkit toolkit in command.Root.Cuda.Toolkits.Where(toolkit => known.Contains(toolkit.Version.Major)).Reverse())
        {
            if (command.View.Resolve(toolkit.Directory + "/bin/ptxas").Exists)
                candidates.Add(new EnvironmentChange(PtxasPath, toolkit.Directory + "/bin/ptxas", $"the ptxas there is of CUDA {toolkit.Version}, which this Triton knows"));
        }

        return new Finding
        {
            Id = "triton-cuda-unknown",
            Severity = FindingSeverity.Error,
            Cause = $"the Triton in {PathBytes.Printable(package)} knows CUDA {string.Join(", ", known.Order())}, and runs the ptxas of CUDA {version}",
            Message = "Triton only support CUDA 10.0 or higher",
            Evidence =
            [
                $"{PathBytes.Printable(table)} knows the major versions {string.Join(", ", known.Order())}",
                $"{tool.Origin} is {PathBytes.Printable(tool.Path)}{(tool.Real == tool.Path ? "" : $", which leads to {PathBytes.Printable(tool.Real)}")}: release {version}",
                .. command.Root.Cuda.Toolkits.Select(toolkit => $"CUDA {toolkit.Version} is in {PathBytes.Printable(toolkit.Directory)}"),
            ],
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : $"install a Triton that knows CUDA {version.Major}, or the toolkit of an older CUDA",
        };
    }

    static (string? File, HashSet<int> Majors) Table(RootView view, string package)
    {
        foreach (string file in tables)
        {
            string path = $"{package}/{file}";
            if (view.TryReadFile(path, MostBytes) is not { } bytes)
                continue;
            string text = Encoding.UTF8.GetString(bytes);
            int start = text.IndexOf("def ptx_get_version(", StringComparison.Ordinal);
            if (start < 0)
                continue;
            int end = text.IndexOf("\ndef ", start + 1, StringComparison.Ordinal);
            HashSet<int> majors = Majors(text[start..(end < 0 ? text.Length : end)]);
            if (majors.Count > 0)
                return (path, majors);
        }

        return (null, []);
    }

    /// <summary>"if major == 12:"; a table that is open to newer ones, by "major >= 13", knows them all.</summary>
    static HashSet<int> Majors(string function)
    {
        const int newest = 40;
        HashSet<int> majors = [];
        foreach (string line in function.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', ':', '('], StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i + 2 < words.Length; i++)
            {
                if (words[i] != "major" || !int.TryParse(words[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out int major) || major > newest)
                    continue;
                if (words[i + 1] == "==")
                    majors.Add(major);
                else if (words[i + 1] is ">=" or ">")
                    majors.UnionWith(Enumerable.Range(major, newest + 1 - major));
            }
        }

        return majors;
    }

    /// <summary>The tool that the variable names, where it is a file, else the package's own.</summary>
    static (string Path, string Real, string Origin)? Tool(ExaminedCommand command, string package)
    {
        foreach ((string? path, string origin) in new[] { (command.Environment[PtxasPath]?.Split(' ')[0], PtxasPath), ($"{package}/backends/nvidia/bin/ptxas", "its own ptxas") })
        {
            if (string.IsNullOrEmpty(path))
                continue;
            RootEntry entry = command.View.Resolve(path);
            if (entry.Exists && entry.Status.IsRegular)
                return (path, entry.Path, origin);
        }

        return null;
    }
}
