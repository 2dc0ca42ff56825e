using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the libraries of one process belong together: all for one CUDA, and the parts of cuDNN from one release.</summary>
static class CudaLibrariesCheck
{
    const string Id = "cuda-libraries-mixed";

    public static IEnumerable<Finding> Examine(CudaProcess process)
    {
        CudaLibrary[] told = [.. process.Libraries.Where(library => library.CudaMajor is not null)];
        if (told.DistinctBy(library => library.CudaMajor).Count() > 1)
            yield return Majors(process, told);
        foreach (LoadedObject one in process.Objects)
        {
            IReadOnlyList<string> packages = CudaLibrary.Overwritten(process.Command.Root, one.Path);
            if (packages.Count > 0)
                yield return Overwritten(one.Path, packages);
            if (process.Command.Root.Cuda.Library(one.Path) is { Family: "cuDNN" } && Foreign(process, one) is { } foreign)
                yield return foreign;
        }
    }

    static Finding Majors(CudaProcess process, CudaLibrary[] told)
    {
        CudaLibrary first = told.FirstOrDefault(library => library == process.Runtime) ?? told[0];
        CudaLibrary other = told.First(library => library.CudaMajor != first.CudaMajor);
        return new Finding
        {
            Id = Id,
            Severity = FindingSeverity.Warning,
            Cause = $"{process.Program} gets {PathBytes.Printable(first.Path)} of CUDA {first.CudaMajor} and {PathBytes.Printable(other.Path)} of CUDA {other.CudaMajor} into one process",
            Evidence = [.. told.Select(library => $"{PathBytes.Printable(library.Path)} is {library.Family}{(library.Version is { } version && library.Family is "cuDNN" or "NCCL" or "TensorRT" ? $" {library.Version}" : "")} of CUDA {library.CudaMajor}: so says {library.Teller}")],
            Fix = $"install the build of {(other.Family.StartsWith("lib", StringComparison.Ordinal) ? "what brings " + other.Family : other.Family)} for CUDA {first.CudaMajor}",
        };
    }

    static Finding Overwritten(string path, IReadOnlyList<string> packages) => new()
    {
        Id = Id,
        Severity = FindingSeverity.Warning,
        Cause = $"{PathBytes.Printable(path)} is of one of {packages.Count} packages that were installed over each other: {string.Join(", ", packages.Select(PathBytes.Printable))}",
        Evidence = [.. packages.Select(package => $"{PathBytes.Printable(package)} brings a file of that name")],
        Fix = "uninstall both, then install the one for the CUDA of the program",
    };

    /// <summary>cuDNN opens its parts by their names alone, and its own RUNPATH comes after LD_LIBRARY_PATH.</summary>
    static Finding? Foreign(CudaProcess process, LoadedObject cudnn)
    {
        string directory = LinuxPath.Parent(cudnn.Path), name = LinuxPath.Name(cudnn.Path);
        string suffix = name[name.IndexOf(".so.", StringComparison.Ordinal)..];
        string[] parts = [.. process.Command.Root.Cuda.Names(directory).Where(file => file.StartsWith("libcudnn_", StringComparison.Ordinal) && file.EndsWith(suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        foreach (LibraryLookup lookup in parts.Length == 0 ? [] : process.Find(cudnn, parts))
        {
            if (lookup.Object is not { } found || process.Command.Root.Files.Find($"{directory}/{lookup.Name}") is not { } own || own.Identity == found.File.Identity)
                continue;
            string part = PathBytes.Printable(found.Path);
            string? list = process.Command.Environment["LD_LIBRARY_PATH"];
            return new Finding
            {
                Id = Id,
                Severity = FindingSeverity.Warning,
                Cause = $"{PathBytes.Printable(cudnn.Path)} opens {part}, which is of another cuDNN than itself",
                Message = "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH",
                Evidence = [$"{PathBytes.Printable(directory)}/{PathBytes.Printable(lookup.Name)} is its own, and the loader finds {part} first"],
                Candidates = lookup.Rule == BindingRule.LibraryPath ? [EnvironmentChange.Remove("LD_LIBRARY_PATH", list, LinuxPath.Parent(found.Path), $"cuDNN's parts there are not those of {PathBytes.Printable(cudnn.Path)}")] : [],
                Fix = $"take {PathBytes.Printable(LinuxPath.Parent(found.Path))} out of what the loader searches, or remove one of the two cuDNN",
            };
        }

        return null;
    }
}
