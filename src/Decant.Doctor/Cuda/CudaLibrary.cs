using System.Globalization;
using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A library of CUDA, or one that NVIDIA builds for a CUDA of its own: cuDNN, NCCL, TensorRT.</summary>
/// <param name="Family">As people call it: "cuDNN".</param>
/// <param name="Path">By which it was found.</param>
/// <param name="Version">As exactly as the name of the file, its package or its own text tells; null where none does.</param>
/// <param name="CudaMajor">The major release of CUDA that it belongs to; null where nothing tells.</param>
/// <param name="Teller">What tells <paramref name="CudaMajor"/>.</param>
sealed record CudaLibrary(string Family, string Path, Version? Version, int? CudaMajor, string Teller)
{
    const string CublasLt = "libcublasLt.so.";
    const int MostBytes = 16 << 20;

    /// <summary>Of CUDA itself, the major release standing in the soname (libcudart.so.11.0, .12).</summary>
    static readonly string[] Cuda = ["libcudart", "libcublas", "libcublasLt", "libnvrtc", "libnvJitLink", "libcupti"];

    /// <summary>With names of Python packages, the number of a CUDA left out.</summary>
    static readonly (string File, string Family, string Package)[] Others =
    [
        ("libcudnn", "cuDNN", "nvidia_cudnn_cu"),
        ("libnccl", "NCCL", "nvidia_nccl_cu"),
        ("libnvinfer", "TensorRT", "tensorrt_cu"),
    ];

    /// <summary>Null for a library of another name.</summary>
    public static CudaLibrary? Of(RootIndex root, string path)
    {
        string name = LinuxPath.Name(path);
        int so = name.IndexOf(".so.", StringComparison.Ordinal);
        if (so < 0)
            return null;
        string stem = name[..so];
        string real = LinuxPath.Name(root.View.Resolve(path).Path);
        Version? version = Suffix(real);
        if (Cuda.Contains(stem))
        {
            // Wheels have libcudart.so.12 as the file itself.
            if (version is null or { Minor: 0, Build: < 0 } && stem == "libcudart" && Wheel(root, path, "nvidia_cuda_runtime").FirstOrDefault(wheel => wheel.Version?.Major == Suffix(name)?.Major) is { Version: { } exact })
                version = exact;
            return Suffix(name)?.Major is int major ? new CudaLibrary(stem, path, version, major, $"its name {PathBytes.Printable(name)}") : null;
        }

        foreach ((string file, string family, string package) in Others)
        {
            if (stem != file)
                continue;
            (string Name, int? Major, Version? Version)[] wheels = [.. Wheel(root, path, package)];
            // TensorRT comes as several packages for the same CUDA.
            if (wheels is [{ Major: { } of } wheel, ..] && Array.TrueForAll(wheels, other => other.Major == of))
                return new CudaLibrary(family, path, wheel.Version ?? version, of, $"the package {wheel.Name}");
            (int? built, string from) = file == "libcudnn" ? Cudnn(root, path) : file == "libnccl" ? (Nccl(root, path), "its own text") : (null, "");
            return new CudaLibrary(family, path, version, built, from);
        }

        return null;
    }

    /// <summary>Python packages that were built for different CUDAs and installed over each other: of their files the last one's are left.</summary>
    /// <returns>None where all is in order.</returns>
    public static IReadOnlyList<string> Overwritten(RootIndex root, string path)
    {
        string name = LinuxPath.Name(path);
        foreach ((string file, _, string package) in Others)
        {
            if (name.StartsWith(file + ".so.", StringComparison.Ordinal))
            {
                (string Name, int? Major, Version?)[] wheels = [.. Wheel(root, path, package)];
                return wheels.DistinctBy(wheel => wheel.Major).Count() > 1 ? Array.ConvertAll(wheels, wheel => wheel.Name) : [];
            }
        }

        return [];
    }

    /// <summary>The version behind ".so.": 9.14.0, and of a soname 9.0.</summary>
    public static Version? Suffix(string name)
    {
        int so = name.IndexOf(".so.", StringComparison.Ordinal);
        if (so < 0)
            return null;
        string text = name[(so + ".so.".Length)..];
        return Version.TryParse(text.Contains('.') ? text : text + ".0", out Version? version) ? version : null;
    }

    /// <summary>The *.dist-info directories that belong to a library below "nvidia" or "tensorrt_libs" of a directory of packages.</summary>
    static IEnumerable<(string Name, int? Major, Version? Version)> Wheel(RootIndex root, string path, string package)
    {
        int below = path.IndexOf("/nvidia/", StringComparison.Ordinal) is >= 0 and int nvidia ? nvidia : path.IndexOf("/tensorrt_libs/", StringComparison.Ordinal);
        if (below <= 0)
            yield break;
        foreach (string name in root.Cuda.Names(path[..below]).Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(package, StringComparison.Ordinal) || !name.EndsWith(".dist-info", StringComparison.Ordinal))
                continue;
            string rest = name[package.Length..^".dist-info".Length];
            int dash = rest.IndexOf('-');
            if (dash < 0)
                continue;
            string digits = new([.. rest.TakeWhile(char.IsAsciiDigit)]);
            yield return (name, int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : null, Version.TryParse(rest[(dash + 1)..], out Version? version) ? version : null);
        }
    }

    /// <summary>cuDNN's parts open cuBLAS by its soname; its first library does not.</summary>
    static (int?, string) Cudnn(RootIndex root, string path)
    {
        string directory = LinuxPath.Parent(path), name = LinuxPath.Name(path);
        foreach (string part in (ReadOnlySpan<string>)["libcudnn_adv", "libcudnn_engines_precompiled", "libcudnn_ops_infer", "libcudnn"])
        {
            string sibling = $"{directory}/{part}{name[name.IndexOf(".so.", StringComparison.Ordinal)..]}";
            if (Number(Text(root, sibling), Encoding.ASCII.GetBytes(CublasLt)) is { } major)
                return (major, $"{PathBytes.Printable(sibling)}, which opens {CublasLt}{major}");
        }

        return (null, "");
    }

    /// <summary>"NCCL version 2.28.3+cuda13.0", which it prints, among other texts that begin so.</summary>
    static int? Nccl(RootIndex root, string path)
    {
        ReadOnlySpan<byte> rest = Text(root, path);
        for (int at; (at = rest.IndexOf("NCCL version "u8)) >= 0;)
        {
            rest = rest[at..];
            int end = rest.IndexOf((byte)0);
            if (Number(end < 0 ? rest : rest[..end], "+cuda"u8) is { } major)
                return major;
            rest = rest[1..];
        }

        return null;
    }

    static int? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> behind)
    {
        int at = text.IndexOf(behind);
        if (at < 0)
            return null;
        ReadOnlySpan<byte> rest = text[(at + behind.Length)..];
        int end = 0;
        while (end < Math.Min(rest.Length, 3) && char.IsAsciiDigit((char)rest[end]))
            end++;
        return int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
    }

    static byte[] Text(RootIndex root, string path)
    {
        try
        {
            return root.Files.Find(path) is { Elf: not null } file ? file.Section(".rodata", MostBytes) ?? [] : [];
        }
        catch (ElfFormatException)
        {
            return [];
        }
    }
}
