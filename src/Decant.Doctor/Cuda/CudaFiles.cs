using System.Collections.Concurrent;

namespace Decant.Doctor;

/// <summary>What is known of the CUDA of a root: each file is asked once, however often a command is examined.</summary>
sealed class CudaFiles
{
    readonly RootIndex root;
    readonly Lazy<IReadOnlyList<CudaToolkit>> toolkits;
    readonly Lazy<IReadOnlyList<CudaCompat>> compats;
    readonly ConcurrentDictionary<string, Held<Version>> tools = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Held<CudaToolkit>> places = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Held<CudaLibrary>> libraries = new(StringComparer.Ordinal);

    public CudaFiles(RootIndex root)
    {
        this.root = root;
        toolkits = new Lazy<IReadOnlyList<CudaToolkit>>(() => CudaToolkit.Find(root));
        compats = new Lazy<IReadOnlyList<CudaCompat>>(() => CudaCompat.Find(root));
    }

    /// <summary>All of the root, the newest last; walks it.</summary>
    public IReadOnlyList<CudaToolkit> Toolkits => toolkits.Value;

    /// <summary>All of the root, the newest first; walks it.</summary>
    public IReadOnlyList<CudaCompat> Compats => compats.Value;

    /// <summary>The toolkit that a path leads to; null where there is none.</summary>
    public CudaToolkit? At(string directory) => places.GetOrAdd(directory, path => new Held<CudaToolkit>(CudaToolkit.At(root, path))).Value;

    /// <summary>The version of an nvcc or ptxas.</summary>
    public Version? OfTool(string path) => tools.GetOrAdd(path, tool => new Held<Version>(CudaToolkit.OfTool(root, tool))).Value;

    /// <summary>What a library is; null for one that is none of CUDA's, cuDNN, NCCL or TensorRT.</summary>
    public CudaLibrary? Library(string path) => libraries.GetOrAdd(path, library => new Held<CudaLibrary>(CudaLibrary.Of(root, library))).Value;

    /// <summary>The names in a directory; none where it is no directory, or closed.</summary>
    public IReadOnlyCollection<string> Names(string directory) => root.Python.Names(directory) ?? [];

    /// <summary>An object, so that nothing can be remembered too, and the tables share their code.</summary>
    sealed class Held<T>(T? value)
        where T : class
    {
        public readonly T? Value = value;
    }
}
