namespace Decant.Elf.Tests;

/// <summary>A root that is a list of files.</summary>
sealed class MemoryFiles(Dictionary<string, byte[]> files) : LoaderFiles
{
    readonly List<string> names = [.. files.Keys];

    public override string RealPath(string path) => path;

    protected override bool TryIdentify(string path, out FileIdentity identity)
    {
        identity = new FileIdentity(1, (ulong)names.IndexOf(path));
        return files.ContainsKey(path);
    }

    protected override Stream Open(string path) => new MemoryStream(files[path], writable: false);
}
