using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Files of an image that stand where the driver's libraries should: stubs to link against, and empty files.</summary>
static class CudaDriverFileCheck
{
    const string LibraryPath = "LD_LIBRARY_PATH";
    const int MostFiles = 5;

    /// <summary>Of what CUDA opens in a process; an error where the host has a driver that it would open otherwise: without one, such files let programs start.</summary>
    public static IEnumerable<Finding> Examine(CudaProcess process, DoctorHost host)
    {
        FindingSeverity severity = host.Driver is null ? FindingSeverity.Warning : FindingSeverity.Error;
        if (process.Driver is not { } driver)
            yield break;
        // What the program needs at its start is told as a library that does not fit.
        if (driver.Object is null && process.Objects.Any(one => one.Lookups.Contains(driver)))
            yield break;
        if (driver.Object is not { } libcuda)
        {
            string path = driver.Unfit!;
            if (IsEmpty(process.Command, path))
                yield return Placeholder(process.Command, $"{process.Program} opens libcuda.so.1, and what the loader finds first, {PathBytes.Printable(path)}, is empty", path, severity);
            yield break;
        }

        if (IsStub(process.Command, libcuda))
            yield return Stub(process, driver, libcuda) with { Severity = severity };
    }

    /// <summary>All of a root: what is found first depends on the program and on what the host brings.</summary>
    public static IEnumerable<Finding> Examine(ExaminedCommand command)
    {
        string[] empty = [.. command.Root.LibraryFiles.Where(path => DriverLibraries.Contain(path) && IsEmpty(command, path))];
        if (empty.Length > 0)
        {
            string cause = empty.Length == 1 ? $"{PathBytes.Printable(empty[0])} is empty" : $"{PathBytes.Printable(empty[0])} and {empty.Length - 1} more libraries of the driver are empty";
            string[] evidence = [.. empty.Take(MostFiles).Select(path => $"{PathBytes.Printable(path)} has 0 bytes")];
            yield return Placeholder(command, cause, empty[0], FindingSeverity.Warning) with { Evidence = evidence };
        }
    }

    /// <summary>Left by a build that had the driver's libraries mounted: the targets of mounts stay in the layer, as nvidia-container-cli makes them.</summary>
    public static Finding Placeholder(ExaminedCommand command, string cause, string path, FindingSeverity severity) => new()
    {
        Id = "cuda-driver-placeholder",
        Severity = severity,
        Cause = $"{cause}: the place of a mount, left by the build of the image",
        Message = $"{PathBytes.Printable(path)}: file too short",
        Evidence = [$"{PathBytes.Printable(path)} has 0 bytes"],
        Candidates = Without(command, LinuxPath.Parent(path), "the driver's libraries there are empty"),
        Fix = $"rm {PathBytes.Printable(path)} in the image; build it where the driver's libraries are not mounted",
    };

    public static bool IsEmpty(ExaminedCommand command, string path) => command.View.Resolve(path) is { Exists: true, Status: { IsRegular: true, Size: 0 } };

    /// <summary>By where it lies; or by itself: the real one needs libc, a stub nothing.</summary>
    static bool IsStub(ExaminedCommand command, LoadedObject libcuda) =>
        LinuxPath.Name(LinuxPath.Parent(command.View.Resolve(libcuda.Path).Path)) == "stubs" || libcuda.Elf.Dependencies.Count == 0;

    static Finding Stub(CudaProcess process, LibraryLookup lookup, LoadedObject libcuda)
    {
        string path = PathBytes.Printable(libcuda.Path);
        string directory = LinuxPath.Parent(libcuda.Path);
        List<EnvironmentChange> candidates = lookup.Rule == BindingRule.LibraryPath ? Without(process.Command, directory, "the libcuda there is a stub to link against") : [];
        return new Finding
        {
            Id = "cuda-driver-stub",
            Severity = FindingSeverity.Error,
            Cause = $"{process.Program} gets {path} for libcuda.so.1, a stub to link against, instead of the driver's",
            Message = "CUDA driver is a stub library",
            Evidence = [$"{path} has functions without anything behind them", .. lookup.Rule == BindingRule.LibraryPath ? [$"LD_LIBRARY_PATH has {PathBytes.Printable(directory)}"] : (string[])[]],
            Candidates = candidates,
            Fix = $"take {PathBytes.Printable(directory)} out of what the loader searches; stubs are for the linker alone: -L{PathBytes.Printable(directory)}",
        };
    }

    static List<EnvironmentChange> Without(ExaminedCommand command, string directory, string reason)
    {
        string? list = command.Environment[LibraryPath];
        string real = command.View.Resolve(directory).Path;
        List<EnvironmentChange> changes = [];
        foreach (string element in (list ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            if (element == directory || command.View.Resolve(element).Path == real)
                changes.Add(EnvironmentChange.Remove(LibraryPath, list, element, reason));
        }

        return changes;
    }
}
