using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// The components that a process of Open MPI has for a framework of MCA: built into its libraries, each with a description of fixed
/// layout (mca_base_component_2_1_0_t of opal/mca/mca.h), or a file that is opened by its name.
/// </summary>
static class MpiComponents
{
    const int MostBytes = 64 << 20;
    const int LongestFramework = 32;
    const int LongestComponent = 64;

    /// <summary>Major, minor and release of the framework's interface, between the two names.</summary>
    const int VersionBytes = 12;

    static readonly SearchValues<byte> letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    /// <summary>No number of an interface comes near it.</summary>
    const int MostVersion = 1000;

    /// <summary>By name; none where the release has no such framework.</summary>
    public static IReadOnlySet<string> Of(string framework, LoadedCommand one)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        PluginFiles plugins = new(one.Command.View, one.Command.Root.Files, one.Command.Environment["PATH"] ?? "");
        foreach (LoadedObject loaded in one.Process.Objects)
        {
            if (one.Command.Root.Files.Read(loaded.Path, MostBytes) is { } bytes)
                found.UnionWith(BuiltIn(framework, bytes));
            foreach ((PluginFamily _, string path) in plugins.Of(one.Process, loaded))
            {
                if (OfFile(path) is { } component && component.Framework == framework)
                    found.Add(component.Name);
            }
        }

        // The sm of Open MPI 3 and 4 is there to say that vader has taken its place; in Open MPI 5 vader is another name for it.
        if (framework == "btl" && found.Contains("vader"))
            found.Remove("sm");
        else if (framework == "btl" && found.Contains("sm"))
            found.Add("vader");
        return found;
    }

    /// <summary>Of mca_FRAMEWORK_COMPONENT.so, in newer releases pmix_mca_ and prte_mca_; null for other names.</summary>
    public static (string Framework, string Name)? OfFile(string path)
    {
        string name = LinuxPath.Name(path).Split('.')[0];
        string[] parts = name[(name.StartsWith("pmix_", StringComparison.Ordinal) || name.StartsWith("prte_", StringComparison.Ordinal) ? "pmix_".Length : 0)..].Split('_', 3);
        return parts is ["mca", string framework, string component] ? (framework, component) : null;
    }

    internal static IEnumerable<string> BuiltIn(string framework, byte[] bytes)
    {
        if (framework.Length >= LongestFramework || !Ascii.IsValid(framework))
            yield break;
        byte[] name = new byte[LongestFramework];
        Encoding.ASCII.GetBytes(framework, name);
        for (int at = 0; bytes.AsSpan(at).IndexOf(name) is >= 0 and int found; at++)
        {
            at += found;
            if (At(bytes.AsSpan(at + LongestFramework)) is { } component)
                yield return component;
        }
    }

    static string? At(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < VersionBytes + LongestComponent)
            return null;
        for (int i = 0; i < VersionBytes; i += sizeof(int))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(rest[i..]) > MostVersion)
                return null;
        }

        ReadOnlySpan<byte> field = rest.Slice(VersionBytes, LongestComponent);
        int end = field.IndexOf((byte)0);
        bool isName = end > 0 && !field[end..].ContainsAnyExcept((byte)0) && !field[..end].ContainsAnyExcept(letters);
        return isName ? Encoding.ASCII.GetString(field[..end]) : null;
    }
}
