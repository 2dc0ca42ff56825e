using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>One file of an expected tree. What is null is not compared.</summary>
sealed record CorpusEntry(string Path, string Type)
{
    public uint? Mode { get; init; }
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public byte[]? Content { get; init; }
    public string? Target { get; init; }

    /// <summary>The path of another entry that is the same file.</summary>
    public string? SameAs { get; init; }

    public UnixTime? Modified { get; init; }
    public (uint Major, uint Minor)? Device { get; init; }
    public (string Name, byte[] Value)[] Xattrs { get; init; } = [];

    /// <summary>Size, where the content is nothing but a hole before its last bytes.</summary>
    public long? Size { get; init; }

    public static CorpusEntry Directory(string path, uint mode = 0x1ed) => new(path, "directory") { Mode = mode };

    public static CorpusEntry File(string path, string content = "", uint mode = 0x1a4) =>
        new(path, "file") { Mode = mode, Content = Encoding.UTF8.GetBytes(content) };

    public static CorpusEntry Link(string path, string target) => new(path, "symlink") { Target = target };

    public static CorpusEntry Same(string path, string as_) => new(path, "hardlink") { SameAs = as_ };

    public static CorpusEntry Fifo(string path) => new(path, "fifo") { Mode = 0x1a4 };
}
