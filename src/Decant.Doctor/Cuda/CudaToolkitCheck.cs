using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the toolkit that a program would compile with is there, and is the one that its libraries are of.</summary>
static class CudaToolkitCheck
{
    /// <summary>Which of the variables a build asks first differs; both name a toolkit (CMake's FindCUDAToolkit, torch.utils.cpp_extension).</summary>
    static readonly string[] Variables = ["CUDA_HOME", "CUDA_PATH"];

    /// <summary>Of a process that uses CUDA.</summary>
    public static IEnumerable<Finding> Examine(CudaProcess process)
    {
        foreach (Finding finding in Examine(process.Command))
            yield return finding;
        if (process.Runtime is not { CudaMajor: { } major } runtime)
            yield break;
        foreach ((string origin, string path, Version version) in Compilers(process.Command))
        {
            if (version.Major == major)
                continue;
            string directory = LinuxPath.Parent(LinuxPath.Parent(path));
            yield return new Finding
            {
                Id = "cuda-toolkit-mixed",
                Severity = FindingSeverity.Warning,
                Cause = $"{process.Program} binds CUDA {major}, and {origin} gives the compiler of CUDA {version}: what it compiles while it runs does not fit",
                Message = $"The detected CUDA version ({version}) mismatches the version that was used to compile",
                Evidence = [$"{process.Program} binds {PathBytes.Printable(runtime.Path)}", $"{origin} gives {PathBytes.Printable(path)}: release {version}", .. Others(process.Command, major)],
                Candidates = [.. Better(process.Command, origin, directory, major)],
                Fix = $"set CUDA_HOME and PATH to a toolkit of CUDA {major}, or install one",
            };
            yield break;
        }
    }

    /// <summary>Links and variables that lead to no toolkit, whatever the program.</summary>
    public static IEnumerable<Finding> Examine(ExaminedCommand command)
    {
        // Debian's alternatives make a chain of links, the middle of which an uninstalled package leaves behind.
        RootEntry link = command.View.Resolve(CudaToolkit.Usual, followLast: false);
        if (link is { Exists: true, Status.IsSymbolicLink: true } && !command.View.Resolve(CudaToolkit.Usual).Exists)
            yield return Nowhere(command, CudaToolkit.Usual, "is a link that leads nowhere", Variables.FirstOrDefault(variable => command.Environment[variable] is { } value && IsOrIsBelow(value, CudaToolkit.Usual)));
        foreach (string variable in Variables)
        {
            if (command.Environment[variable] is { Length: > 0 } value && !IsOrIsBelow(value, CudaToolkit.Usual) && !command.View.Resolve(value).Exists)
                yield return Nowhere(command, value, $"is not there, and {variable} names it", variable);
        }
    }

    static bool IsOrIsBelow(string path, string directory) => path == directory || LinuxPath.IsBelow(path, directory);

    static Finding Nowhere(ExaminedCommand command, string path, string what, string? variable)
    {
        // Python packages bring parts of one.
        CudaToolkit[] toolkits = [.. command.Root.Cuda.Toolkits.Where(toolkit => HasCompiler(command, toolkit))];
        List<EnvironmentChange> candidates = [];
        foreach (CudaToolkit toolkit in toolkits.AsEnumerable().Reverse())
            candidates.Add(new EnvironmentChange(variable ?? "CUDA_HOME", toolkit.Directory, $"CUDA {toolkit.Version} is in {PathBytes.Printable(toolkit.Directory)}"));
        return new Finding
        {
            Id = "cuda-toolkit-missing",
            Severity = FindingSeverity.Warning,
            Cause = $"{PathBytes.Printable(path)} {what}",
            Evidence = [.. toolkits.Select(Describe)],
            Candidates = candidates,
            Fix = toolkits.Length == 0 ? "install the toolkit, or remove what names it: programs that compile nothing need none" : $"{variable ?? "CUDA_HOME"}={PathBytes.Printable(toolkits[^1].Directory)}",
        };
    }

    static bool HasCompiler(ExaminedCommand command, CudaToolkit toolkit) => command.View.Resolve(toolkit.Directory + "/bin/nvcc").Exists;

    static string Describe(CudaToolkit toolkit) => $"CUDA {toolkit.Version} is in {PathBytes.Printable(toolkit.Directory)}: so says {PathBytes.Printable(toolkit.Teller)}";

    static IEnumerable<string> Others(ExaminedCommand command, int major) => command.Root.Cuda.Toolkits.Where(toolkit => toolkit.Version.Major == major).Select(Describe);

    /// <summary>The nvcc that builds would take, by the variables, then by PATH.</summary>
    static IEnumerable<(string Origin, string Path, Version Version)> Compilers(ExaminedCommand command)
    {
        foreach (string variable in Variables)
        {
            if (command.Environment[variable] is { Length: > 0 } home && home.StartsWith('/') && command.Root.Cuda.OfTool($"{home}/bin/nvcc") is { } version)
                yield return (variable, $"{home}/bin/nvcc", version);
        }

        string? found = null;
        try
        {
            found = command.Programs.Find("nvcc").Path;
        }
        catch (ProgramException)
        {
            // Most images have none.
        }

        if (found is not null && command.Root.Cuda.OfTool(found) is { } own)
            yield return ("PATH", found, own);
    }

    /// <summary>Toolkits of the image with a compiler that fits.</summary>
    static IEnumerable<EnvironmentChange> Better(ExaminedCommand command, string origin, string wrong, int major)
    {
        foreach (CudaToolkit toolkit in command.Root.Cuda.Toolkits.Where(toolkit => toolkit.Version.Major == major && toolkit.Directory != wrong).Reverse())
        {
            string bin = toolkit.Directory + "/bin";
            if (!HasCompiler(command, toolkit))
                continue;
            yield return origin == "PATH"
                ? EnvironmentChange.Prepend("PATH", command.Environment["PATH"], bin, $"the nvcc there is of CUDA {toolkit.Version}")
                : new EnvironmentChange(origin, toolkit.Directory, $"CUDA {toolkit.Version} is there");
        }
    }
}
