using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Bench;

/// <summary>What a trial's program wrote, which may be anything.</summary>
static class TrialOutput
{
    /// <summary>Figures and patterns are looked for in so much of it, and in no more.</summary>
    const long MostBytes = 64 << 20;

    /// <summary>All of it; empty where there is no such file.</summary>
    public static string Read(string path) => KernelText.TryRead(path) ?? "";

    /// <summary>Why it is not read; null where it can be. A file of such a size is of no use to anyone, and removed.</summary>
    public static string? TooLarge(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > MostBytes and var length })
            return null;
        File.Delete(path);
        return $"it wrote {length >> 20} MiB, and figures and words are looked for in no more than {MostBytes >> 20} MiB";
    }

    /// <summary>Its last bytes, with a mark where there are more.</summary>
    public static string ReadEnd(string path, int bytes)
    {
        if (!File.Exists(path))
            return "";
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        byte[] end = new byte[Math.Min(length, bytes)];
        int read = RandomAccess.Read(file, end, length - end.Length);
        return (length > bytes ? "…" : "") + PathBytes.Decode(end.AsSpan(0, read).ToArray());
    }
}
