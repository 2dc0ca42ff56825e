using System.Text.Json;
using Decant.Devices;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A driver's user-mode part that may be newer than the kernel's, from the package cuda-compat (CUDA compatibility guide, "Forward compatibility"). A
/// note in its libcuda names the drivers and kinds of GPU with which it works, as NVIDIA's container toolkit reads it.
/// </summary>
/// <param name="Path">Of its libcuda, without links.</param>
/// <param name="Driver">Its own version, as its file is called.</param>
/// <param name="Cuda">That it has; null where the note does not tell.</param>
/// <param name="Branches">Major versions of kernel drivers; null where the note does not tell.</param>
/// <param name="Brands">Of nvmlBrandType_t; null where the note does not tell.</param>
sealed record CudaCompat(string Path, NvidiaDriver Driver, Version? Cuda, IReadOnlyList<int>? Branches, IReadOnlyList<int>? Brands)
{
    const string Section = ".note.cuda.fwd_compatibility";
    const string Owner = "NVIDIA Corporation";
    const string Prefix = "libcuda.so.";
    const int MostBytes = 64 << 10;

    public string Directory => LinuxPath.Parent(Path);

    /// <summary>Which CUDA programs get by it.</summary>
    public Version? Provides => Cuda ?? CudaRelease.Of(Driver.Version);

    /// <summary>Those in directories that the packages make, the newest first.</summary>
    public static IReadOnlyList<CudaCompat> Find(RootIndex root)
    {
        Dictionary<string, CudaCompat> found = new(StringComparer.Ordinal);
        foreach (string path in root.Libraries)
        {
            if (LinuxPath.Name(path).StartsWith(Prefix, StringComparison.Ordinal) && LinuxPath.Name(LinuxPath.Parent(path)).StartsWith("compat", StringComparison.Ordinal) && Of(root, path) is { } compat)
                found.TryAdd(compat.Path, compat);
        }

        return [.. found.Values.OrderByDescending(compat => compat.Driver.Version)];
    }

    /// <summary>A libcuda whose file tells its version, of whatever kind; null for others.</summary>
    public static CudaCompat? Of(RootIndex root, string path)
    {
        string real = root.View.Resolve(path).Path;
        // On Jetson libcuda.so.1.1 tells nothing.
        return Read(root, real) is { } compat && compat.Driver.Version.Major >= 100 ? compat : null;
    }

    /// <summary>The same of a file whose name may be of no driver's version.</summary>
    /// <param name="real">Without links.</param>
    public static CudaCompat? Read(RootIndex root, string real)
    {
        string name = LinuxPath.Name(real);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || NvidiaDriver.Parse(name[Prefix.Length..]) is not { } driver)
            return null;
        try
        {
            if (root.Files.Find(real) is not { Elf: not null } file)
                return null;
            foreach (ElfNote note in ElfNote.Parse(file.Section(Section, MostBytes)))
            {
                if (note.Owner == Owner)
                    return Read(note.Content, new CudaCompat(real, driver, null, null, null));
            }
        }
        catch (ElfFormatException)
        {
            return null;
        }

        return new CudaCompat(real, driver, null, null, null);
    }

    /// <summary>{"format":1,"CUDA version":"13.0","driver":[535,580],"device":[1,2]}; what is none says nothing.</summary>
    public static CudaCompat Read(ReadOnlySpan<byte> json, CudaCompat plain)
    {
        try
        {
            Utf8JsonReader reader = new(json.TrimEnd((byte)0));
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return plain;
            Version? cuda = document.RootElement.TryGetProperty("CUDA version", out JsonElement text) && text.ValueKind == JsonValueKind.String && Version.TryParse(text.GetString(), out Version? version) ? version : null;
            return plain with { Cuda = cuda, Branches = Numbers(document.RootElement, "driver"), Brands = Numbers(document.RootElement, "device") };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return plain;
        }
    }

    /// <summary>Why it does not work with a kernel's driver and GPUs, in a few words; null where it does.</summary>
    public string? WhyNot(NvidiaDriver kernel, IReadOnlyList<NvidiaGpu> gpus)
    {
        if (Driver.Version <= kernel.Version)
            return $"it is older than the kernel's driver {kernel.Text}";
        if (Branches is null ? Driver.Version.Major <= kernel.Version.Major : !Branches.Contains(kernel.Version.Major))
            return Branches is null ? $"it is of the same branch as the kernel's driver {kernel.Text}" : $"it is made for the drivers {string.Join(", ", Branches)}, and the kernel's is {kernel.Text}";
        foreach (NvidiaGpu gpu in gpus)
        {
            // GeForce and TITAN have been left out always.
            if (Numbered(gpu) is { } brand && !(Brands ?? [1, 2, 7, 8, 9, 10, 11, 12, 13, 14]).Contains(brand))
                return $"it is not made for a {gpu.Model}";
        }

        return null;
    }

    static int? Numbered(NvidiaGpu gpu) => gpu.Brand switch
    {
        "quadro" => 1,
        "tesla" => 2,
        "geforce" => 5,
        "titan" => 6,
        "quadrortx" => 12,
        "nvidiartx" => 13,
        "nvidia" => 14,
        _ => null,
    };

    static List<int>? Numbers(JsonElement document, string name)
    {
        if (!document.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return null;
        List<int> numbers = [];
        foreach (JsonElement one in list.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out int number))
                numbers.Add(number);
        }

        return numbers;
    }
}
