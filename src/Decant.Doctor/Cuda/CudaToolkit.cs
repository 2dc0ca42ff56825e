using System.Text;
using System.Text.Json;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A CUDA toolkit in a root.</summary>
/// <param name="Directory">Without links.</param>
/// <param name="Version">Major and minor.</param>
sealed record CudaToolkit(string Directory, Version Version)
{
    const int MostBytes = 64 << 10;
    const int MostProgramBytes = 256 << 20;

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
            directories.Add(parent);
            // PREFIX/targets/x86_64-linux/lib, to which lib64 leads.
            int targets = parent.IndexOf("/targets/", StringComparison.Ordinal);
            if (targets > 0)
                directories.Add(parent[..targets]);
        }

        Dictionary<string, CudaToolkit> found = new(StringComparer.Ordinal);
        foreach (string directory in directories)
        {
            if (At(root, directory) is { } toolkit)
                found.TryAdd(toolkit.Directory, toolkit);
        }

        return [.. found.Values.OrderBy(toolkit => toolkit.Version)];
    }

    /// <summary>The toolkit that a path leads to; null where there is none.</summary>
    public static CudaToolkit? At(RootIndex root, string directory)
    {
        RootEntry entry = root.View.Resolve(directory);
        if (!entry.Exists || !entry.Status.IsDirectory)
            return null;
        Version? version = FromJson(root, entry.Path) ?? FromText(root, entry.Path);
        return version is null ? null : new CudaToolkit(entry.Path, version);
    }

    /// <summary>The version that nvcc and ptxas print, which they carry as text: "release 12.9".</summary>
    public static Version? OfTool(RootIndex root, string path)
    {
        const string words = "release ";
        if (root.Files.Read(path, MostProgramBytes) is not { } bytes)
            return null;
        ReadOnlySpan<byte> rest = bytes;
        for (int at; (at = rest.IndexOf("release "u8)) >= 0;)
        {
            rest = rest[(at + words.Length)..];
            string text = Encoding.ASCII.GetString(rest[..Math.Min(rest.Length, 12)]);
            int end = 0;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
                end++;
            if (Version.TryParse(text[..end].TrimEnd('.'), out Version? version))
                return new Version(version.Major, version.Minor);
        }

        return null;
    }

    /// <summary>version.json, from CUDA 11.1 on: {"cuda": {"version": "12.9.0"}}.</summary>
    static Version? FromJson(RootIndex root, string directory)
    {
        if (root.Files.Read(directory + "/version.json", MostBytes) is not { } bytes)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("cuda", out JsonElement cuda) && cuda.ValueKind == JsonValueKind.Object
                && cuda.TryGetProperty("version", out JsonElement text) && text.ValueKind == JsonValueKind.String
                    ? Parse(text.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>version.txt, until CUDA 11.0: "CUDA Version 10.2.89".</summary>
    static Version? FromText(RootIndex root, string directory)
    {
        const string words = "CUDA Version ";
        if (root.Files.Read(directory + "/version.txt", MostBytes) is not { } bytes)
            return null;
        string text = Encoding.ASCII.GetString(bytes);
        return text.StartsWith(words, StringComparison.Ordinal) ? Parse(text[words.Length..].Trim()) : null;
    }

    static Version? Parse(string text) =>
        Version.TryParse(text, out Version? version) ? new Version(version.Major, version.Minor) : null;
}
