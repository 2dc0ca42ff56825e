using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What of CUDA comes into the process of a program: by its loader, and with what it opens for sure.</summary>
sealed class CudaProcess
{
    const string DriverName = "libcuda.so.1";

    readonly LoadedCommand loaded;
    readonly Lazy<LibraryLookup?> driver;

    /// <summary>The process that brought an object.</summary>
    readonly Dictionary<LoadedObject, LoadedProcess> bringer = [];

    readonly List<LoadedObject> objects = [];

    /// <param name="opened">With each library that the program opens while it runs, in their order.</param>
    public CudaProcess(LoadedCommand loaded, IReadOnlyList<LoadedProcess> opened)
    {
        this.loaded = loaded;
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<FileIdentity> files = [];
        foreach (LoadedProcess process in (IEnumerable<LoadedProcess>)[loaded.Process, .. opened])
        {
            foreach (LoadedObject one in process.Objects)
            {
                // Who asks for a soname that is there gets what is there.
                if (!files.Add(one.File.Identity) || !names.Add(one.Elf.Soname ?? one.Path))
                    continue;
                objects.Add(one);
                bringer.Add(one, process);
            }
        }

        Libraries = [.. objects.Select(one => loaded.Command.Root.Cuda.Library(one.Path)).OfType<CudaLibrary>()];
        Runtime = Libraries.FirstOrDefault(library => library.Family == "libcudart");
        driver = new Lazy<LibraryLookup?>(FindDriver);
    }

    public ExaminedCommand Command => loaded.Command;

    /// <summary>For messages.</summary>
    public string Program => PathBytes.Printable(loaded.Process.Program.Path);

    /// <summary>The program and its libraries, in the order in which they come.</summary>
    public IReadOnlyList<LoadedObject> Objects => objects;

    public IReadOnlyList<CudaLibrary> Libraries { get; }

    /// <summary>The libcudart that serves all; null where there is none, or one inside of other libraries.</summary>
    public CudaLibrary? Runtime { get; }

    /// <summary>It has a library of CUDA's, or asks for the driver's.</summary>
    public bool UsesCuda => Libraries.Count > 0 || Objects.Any(one => one.Elf.Needed.Contains(DriverName));

    /// <summary>Which libcuda of the root CUDA opens; null where it asks for none, or the root has none for it: then the driver's is to come from elsewhere.</summary>
    public LibraryLookup? Driver => driver.Value;

    /// <summary>What dlopen(3) of names finds, called by one of the objects.</summary>
    public IReadOnlyList<LibraryLookup> Find(LoadedObject caller, IReadOnlyList<string> names)
    {
        string? opened = bringer[caller].Opened?.Path;
        return loaded.Command.Programs.Find(loaded.Process.Program.Path, opened, caller.Path, names);
    }

    /// <summary>The process with a library that it opens.</summary>
    public LoadedProcess Open(LoadedObject library) => loaded.Command.Programs.Open(loaded.Process.Program.Path, library.Path);

    LibraryLookup? FindDriver()
    {
        foreach (LoadedObject one in objects)
        {
            foreach (LibraryLookup lookup in one.Lookups)
            {
                if (lookup.Name == DriverName)
                    return IsThere(lookup) ? lookup : null;
            }
        }

        // The runtime opens it by its name; where it is inside of other libraries, those do.
        LoadedObject? caller = Runtime is null ? null : objects.Find(one => one.Path == Runtime.Path);
        if (!UsesCuda)
            return null;
        LibraryLookup found = Find(caller ?? objects[0], [DriverName])[0];
        return IsThere(found) ? found : null;
    }

    /// <summary>Something was found, be it of use or not.</summary>
    static bool IsThere(LibraryLookup lookup) => lookup.Object is not null || lookup.Unfit is not null;
}
