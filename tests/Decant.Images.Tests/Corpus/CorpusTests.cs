using System.Runtime.CompilerServices;
using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>
/// tests/corpus is what <see cref="CorpusCases"/> makes, and decant does with it what it says. After DECANT_RECORD=1 the files are
/// written anew.
/// </summary>
public sealed class CorpusTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    public static TheoryData<string> Names => [.. CorpusCases.All.Select(c => c.Name)];

    static CorpusCase Case(string name) => CorpusCases.All.Single(c => c.Name == name);

    static string Folder([CallerFilePath] string caller = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "../../corpus"));

    [Fact]
    public void The_published_files_are_what_the_generator_makes()
    {
        bool record = Environment.GetEnvironmentVariable("DECANT_RECORD") == "1";
        long total = 0;
        foreach (CorpusCase made in CorpusCases.All)
        {
            string folder = Path.Combine(Folder(), made.Name);
            if (record)
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
            }

            foreach ((string file, byte[] bytes) in made.Files())
            {
                string path = Path.Combine(folder, file);
                if (record)
                    File.WriteAllBytes(path, bytes);
                Assert.True(File.Exists(path), $"{path} is missing: run once with DECANT_RECORD=1");
                Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), $"{path} is not what the generator makes");
                total += bytes.Length;
            }

            Assert.Equal(made.Layers.Count + 1, Directory.GetFiles(folder).Length);
        }

        Assert.Equal(CorpusCases.All.Select(c => c.Name).Order(StringComparer.Ordinal), Directory.GetDirectories(Folder()).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));
        Assert.InRange(total, 1, 1_500_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decant_does_with_the_layers_what_the_case_says(string name) => UnpackAndCompare(name, new LayerOptions { Privileged = true });

    [Theory]
    [MemberData(nameof(Names))]
    public void It_does_so_too_where_each_directory_is_finished_at_once_and_taken_up_again(string name) =>
        UnpackAndCompare(name, new LayerOptions { Privileged = true, DirectoryMemory = 0 });

    void UnpackAndCompare(string name, LayerOptions options)
    {
        scratch.Write("victim/hello", "hello");
        scratch.Write("layer1-evil/secret", "secret");
        CorpusCase expected = Case(name);
        SortedDictionary<string, string> before = Around([]);
        DecantException? refusal = Unpack(expected, options, out List<string> layers);
        Assert.Equal(before, Around(layers));
        if (expected.Expect == CorpusExpectation.Refuse)
            Assert.True(refusal is not null, "it was not refused");
        if (expected.Expect == CorpusExpectation.Apply)
            Assert.True(refusal is null, refusal?.Message);
        if (refusal is not null)
            Assert.Contains("entry ", refusal.Message);
        else
            Compare(expected, layers);
    }

    /// <summary>Owners, devices and privileged attributes are left out and counted; the same archives are refused.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Without_privileges_the_same_cases_are_refused(string name)
    {
        CorpusCase expected = Case(name);
        DecantException? refusal = Unpack(expected, new LayerOptions { Privileged = false }, out _);
        // These devices no kernel makes, and without privileges none is tried.
        bool leftOut = name.StartsWith("device-", StringComparison.Ordinal) && name.EndsWith("-kernel", StringComparison.Ordinal);
        if (expected.Expect == CorpusExpectation.Apply || leftOut)
            Assert.True(refusal is null, refusal?.Message);
        else if (expected.Expect == CorpusExpectation.Refuse)
            Assert.True(refusal is not null, "it was not refused");
    }

    DecantException? Unpack(CorpusCase expected, LayerOptions options, out List<string> layers)
    {
        layers = [];
        try
        {
            for (int i = 0; i < expected.Layers.Count; i++)
            {
                string target = scratch.MakeDirectory($"layer{i + 1}");
                LayerExtractor.Extract(new MemoryStream(expected.Layers[i]), target, layers, options);
                layers.Insert(0, target);
            }

            return null;
        }
        catch (DecantException e)
        {
            return e;
        }
    }

    /// <summary>All that lies beside the layers' directories.</summary>
    SortedDictionary<string, string> Around(List<string> layers)
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (string path in Directory.GetFileSystemEntries(scratch.Root))
        {
            if (layers.Contains(path) || Path.GetFileName(path) is ['l', 'a', 'y', 'e', 'r', _])
                continue;
            foreach ((string below, string text) in TreeSnapshot.OfHost(path, details: true))
                all[path + below] = text;
        }

        return all;
    }

    void Compare(CorpusCase expected, List<string> layers)
    {
        string flat = scratch.MakeDirectory("flat");
        FlatRoot.Build(layers, flat);
        SortedDictionary<string, string> wanted = new(StringComparer.Ordinal);
        SortedDictionary<string, string> seen = new(StringComparer.Ordinal);
        SortedDictionary<string, string> mounted = new(StringComparer.Ordinal);
        foreach (CorpusEntry entry in expected.Tree)
        {
            CorpusEntry file = entry.SameAs is null ? entry : expected.Tree.Single(e => e.Path == entry.SameAs);
            wanted[entry.Path] = Describe(file);
        }

        string overlay = layers.Count > 0 && expected.Tree.All(entry => entry.Path.Length < 4000) ? scratch.MountOverlay("overlay", layers) : flat;
        foreach ((string root, SortedDictionary<string, string> into) in ((string, SortedDictionary<string, string>)[])[(flat, seen), (overlay, mounted)])
        {
            foreach (string path in Paths(root))
            {
                CorpusEntry? like = expected.Tree.SingleOrDefault(entry => entry.Path == path);
                like = like?.SameAs is null ? like : expected.Tree.Single(entry => entry.Path == like.SameAs);
                if (path.Length > 0 || like is not null)
                    into[path] = like is null ? "not expected" : Describe($"{root}/{path}", like);
            }
        }

        Assert.Equal(wanted, seen);
        Assert.Equal(wanted, mounted);
        foreach (CorpusEntry entry in expected.Tree.Where(entry => entry.SameAs is not null))
            Assert.Equal(LinuxFile.Status($"{flat}/{entry.SameAs}").Inode, LinuxFile.Status($"{flat}/{entry.Path}").Inode);
    }

    static List<string> Paths(string root)
    {
        List<string> all = [];
        Stack<string> rest = new([""]);
        while (rest.TryPop(out string? path))
        {
            all.Add(path);
            using DeepPath deep = DeepPath.Open($"{root}/{path}");
            if (!LinuxFile.Status(deep.Directory, deep.Path).IsDirectory)
                continue;
            using var directory = LinuxFile.Open(deep.Directory, deep.Path, OpenFlags.ReadOnly | OpenFlag.Directory);
            foreach (string name in LinuxFile.Names(directory, path))
                rest.Push(path.Length == 0 ? name : $"{path}/{name}");
        }

        return all;
    }

    static string Describe(CorpusEntry entry)
    {
        string text = $"{entry.Type} {entry.Uid}:{entry.Gid}";
        if (entry.Mode is uint mode)
            text += $" mode {Convert.ToString(mode, 8)}";
        if (entry.Target is not null)
            text += $" to {entry.Target}";
        if (entry.Content is not null)
            text += " content " + Encoding.Latin1.GetString(entry.Content);
        if (entry.Size is long size)
            text += $" of {size}";
        if (entry.Device is (uint major, uint minor))
            text += $" device {major}:{minor}";
        if (entry.Modified is UnixTime time)
            text += $" at {time}";
        return text + string.Concat(entry.Xattrs.Select(xattr => $" {xattr.Name}={Convert.ToHexString(xattr.Value)}"));
    }

    /// <summary>A file in the words of the expected entry, with all that this one tells.</summary>
    static string Describe(string host, CorpusEntry like)
    {
        using DeepPath deep = DeepPath.Open(host);
        FileStatus status = LinuxFile.Status(deep.Directory, deep.Path);
        string whole = deep.WholePath;
        string type = status.Type switch
        {
            FileType.Regular => "file",
            FileType.SymbolicLink => "symlink",
            FileType.Directory => "directory",
            FileType.Fifo => "fifo",
            FileType.CharacterDevice => "character device",
            _ => "block device",
        };
        return Describe(new CorpusEntry(like.Path, type)
        {
            Uid = status.Owner,
            Gid = status.Group,
            Mode = like.Mode is null ? null : status.Permissions,
            Target = like.Target is null ? null : LinuxFile.ReadLink(deep.Directory, deep.Path),
            Content = like.Content is null ? null : ReadFile(whole),
            Size = like.Size is null ? null : status.Size,
            Device = like.Device is null ? null : (status.Represents.Major, status.Represents.Minor),
            Modified = like.Modified is null ? null : status.Modified,
            Xattrs = [.. FileMetadata.ReadXattrs(whole).OrderBy(xattr => xattr.Name, StringComparer.Ordinal).Select(xattr => (xattr.Name, xattr.Value))],
        });
    }

    static byte[] ReadFile(string path)
    {
        Assert.Equal(Errno.None, LinuxFile.TryReadAll(null, path, out byte[] bytes));
        return bytes;
    }
}
