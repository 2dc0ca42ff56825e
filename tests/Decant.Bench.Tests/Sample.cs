using System.Runtime.CompilerServices;

namespace Decant.Bench.Tests;

/// <summary>Output that programs really wrote; Samples/README.md says which.</summary>
static class Sample
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Directory(), name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Directory(), name));

    public static string PathOf(string name) => Path.Combine(Directory(), name);

    static string Directory([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "Samples");
}
