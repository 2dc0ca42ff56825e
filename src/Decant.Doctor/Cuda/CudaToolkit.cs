using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A CUDA toolkit in a root, or as much of one as a Python package brings.</summary>
/// <param name="Directory">Without links.</param>
/// <param name="Version">Major and minor.</param>
/// <param name="Teller">The file that tells the version.</param>
sealed record CudaToolkit(string Directory, Version Version, string Teller)
{
    /// <summary>To which the installers and packages make a link.</summary>
    public const string Usual = "/usr/local/cuda";

    const int MostBytes = 64 << 10;
    const int MostHeaderBytes = 4 << 20;
    const int MostProgramBytes = 256 << 20;

    /// <summary>Where the runtime lies below a toolkit.</summary>
    static readonly string[] LibraryDirectories = ["lib64", "lib", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib"];

    /// <summary>By whatever file of theirs lies anywhere in the root; each directory once, the newest last.</summary>
    public static IReadOnlyList<CudaToolkit> Find(RootIndex root)
    {
        HashSet<string> directories = new(StringComparer.Ordinal);
        foreach (string bin in root.ProgramDirectories("nvcc").Concat(root.ProgramDirectories("ptxas")))
            directories.Add(LinuxPath.Parent(bin));
        foreach (string path in root.Libraries)
        {
            if (!LinuxPath.Name(path).StartsWith("libcudart.so", StringComparison.Ordinal))
                continue;
            string parent = LinuxPath.Parent(LinuxPath.Parent(path));
            // PREFIX/targets/x86_64-linux/lib, to which lib64 leads.
            int targets = parent.IndexOf("/targets/", StringComparison.Ordinal);
            directories.Add(targets > 0 ? parent[..targets] : parent);
        }

        Dictionary<string, CudaToolkit> found = new(StringComparer.Ordinal);
        foreach (string directory in directories)
        {
            if (root.Cuda.At(directory) is { } toolkit)
                found.TryAdd(toolkit.Directory, toolkit);
        }

        return [.. found.Values.OrderBy(toolkit => toolkit.Version)];
    }

    /// <summary>
    /// The toolkit that a path leads to; null where there is none. Its parts are asked in the order in which they are to be trusted: the installer's
    /// own file, the runtime's name, what its compiler says of itself, its headers, the package that brought it.
    /// </summary>
    public static CudaToolkit? At(RootIndex root, string directory)
    {
        RootEntry entry = root.View.Resolve(directory);
        if (!entry.Exists || !entry.Status.IsDirectory)
            return null;
        foreach (Func<RootIndex, string, (Version, string)?> ask in (ReadOnlySpan<Func<RootIndex, string, (Version, string)?>>)[FromJson, FromText, FromRuntime, FromCompiler, FromHeader, FromPackage])
        {
            if (ask(root, entry.Path) is (Version version, string teller))
                return new CudaToolkit(entry.Path, version, teller);
        }

        return null;
    }

    /// <summary>The version that nvcc and ptxas print, which they carry as text: "release 12.9".</summary>
    public static Version? OfTool(RootIndex root, string path)
    {
        const string words = "release ";
        ReadOnlySpan<byte> rest = Constants(root, path);
        for (int at; (at = rest.IndexOf("release "u8)) >= 0;)
        {
            rest = rest[(at + words.Length)..];
            if (Leading(Encoding.ASCII.GetString(rest[..Math.Min(rest.Length, 12)])) is { } version)
                return version;
        }

        return null;
    }

    /// <summary>The part of a program that holds its texts; of what is no ELF file, or was stripped of sections, all.</summary>
    static byte[] Constants(RootIndex root, string path)
    {
        try
        {
            if (root.Files.Find(path) is { Elf: not null } file && file.Section(".rodata", MostProgramBytes) is { } constants)
                return constants;
        }
        catch (ElfFormatException)
        {
            // Whatever is wrong with it, its text may be there.
        }

        return root.Files.Read(path, MostProgramBytes) ?? [];
    }

    /// <summary>version.json, from CUDA 11.1 on: {"cuda": {"version": "12.9.0"}}.</summary>
    static (Version, string)? FromJson(RootIndex root, string directory)
    {
        string path = directory + "/version.json";
        if (root.Files.Read(path, MostBytes) is not { } bytes)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("cuda", out JsonElement cuda) && cuda.ValueKind == JsonValueKind.Object
                && cuda.TryGetProperty("version", out JsonElement text) && text.ValueKind == JsonValueKind.String
                && Leading(text.GetString()!) is { } version
                    ? (version, path)
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter of text that is no UTF-8.
            return null;
        }
    }

    /// <summary>version.txt, until CUDA 11.0: "CUDA Version 10.2.89".</summary>
    static (Version, string)? FromText(RootIndex root, string directory)
    {
        const string words = "CUDA Version ";
        string path = directory + "/version.txt";
        if (root.Files.Read(path, MostBytes) is not { } bytes)
            return null;
        string text = Encoding.ASCII.GetString(bytes);
        return text.StartsWith(words, StringComparison.Ordinal) && Leading(text[words.Length..]) is { } version ? (version, path) : null;
    }

    /// <summary>libcudart.so.12.9.79; its soname alone does not tell the minor version.</summary>
    static (Version, string)? FromRuntime(RootIndex root, string directory)
    {
        foreach (string below in LibraryDirectories)
        {
            string place = $"{directory}/{below}";
            foreach (string name in root.Cuda.Names(place).Order(StringComparer.Ordinal))
            {
                if (name.StartsWith("libcudart.so.", StringComparison.Ordinal) && CudaLibrary.Suffix(name) is { Build: >= 0 } version)
                    return (new Version(version.Major, version.Minor), $"{place}/{name}");
            }
        }

        return null;
    }

    static (Version, string)? FromCompiler(RootIndex root, string directory)
    {
        foreach (string tool in (ReadOnlySpan<string>)["nvcc", "ptxas"])
        {
            string path = $"{directory}/bin/{tool}";
            if (root.Cuda.OfTool(path) is { } version)
                return (version, path);
        }

        return null;
    }

    /// <summary>cuda.h: "#define CUDA_VERSION 12090".</summary>
    static (Version, string)? FromHeader(RootIndex root, string directory)
    {
        const string words = "#define CUDA_VERSION ";
        string path = directory + "/include/cuda.h";
        if (root.Files.Read(path, MostHeaderBytes) is not { } bytes)
            return null;
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(words));
        if (at < 0)
            return null;
        ReadOnlySpan<byte> rest = bytes.AsSpan(at + words.Length).TrimStart((byte)' ');
        int end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1000 ? (new Version(number / 1000, number % 1000 / 10), path) : null;
    }

    /// <summary>
    /// nvidia/cu13 of a directory of Python packages, beside nvidia_cuda_runtime-13.0.96.dist-info; until CUDA 12 nvidia/cuda_runtime, beside
    /// nvidia_cuda_runtime_cu12-12.4.127.dist-info. Both may be there.
    /// </summary>
    static (Version, string)? FromPackage(RootIndex root, string directory)
    {
        const int lastByParts = 12;
        string own = LinuxPath.Name(directory);
        string packages = LinuxPath.Parent(LinuxPath.Parent(directory));
        if (LinuxPath.Name(LinuxPath.Parent(directory)) != "nvidia")
            return null;
        foreach (string name in root.Cuda.Names(packages).Order(StringComparer.Ordinal))
        {
            if (name.StartsWith("nvidia_cuda_runtime", StringComparison.Ordinal) && name.EndsWith(".dist-info", StringComparison.Ordinal) && Leading(name[(name.IndexOf('-') + 1)..]) is { } version
                && (version.Major <= lastByParts ? own == "cuda_runtime" : own == $"cu{version.Major}"))
                return (version, $"{packages}/{name}");
        }

        return null;
    }

    /// <summary>The major and minor version that a text begins with.</summary>
    static Version? Leading(string text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        return Version.TryParse(text.AsSpan(0, end).TrimEnd('.'), out Version? version) ? new Version(version.Major, version.Minor) : null;
    }
}
