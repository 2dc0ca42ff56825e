using System.Text;

namespace Decant.Doctor;

/// <summary>
/// Where an Open MPI looks for its plugins and texts: directories that were compiled into libopen-pal, with OPAL_PREFIX in place of the
/// prefix where it is set (opal/mca/installdirs of Open MPI 4 and 5).
/// </summary>
/// <param name="Prefix">As it was built, or OPAL_PREFIX.</param>
/// <param name="LibrarySuffix">Of libdir behind the prefix: "/lib".</param>
/// <param name="PluginName">Of the plugins' directory in libdir: "openmpi", or "openmpi3" on Debian.</param>
sealed record OpenMpiDirectories(string Prefix, string LibrarySuffix, string PluginName)
{
    const int MostBytes = 64 << 20;

    public string Plugins => $"{Prefix}{LibrarySuffix}/{PluginName}";

    /// <summary>Null where the library does not tell.</summary>
    public static OpenMpiDirectories? Read(RootLoaderFiles files, string libOpenPal)
    {
        if (files.Read(libOpenPal, MostBytes) is not { } bytes)
            return null;
        string? prefix = null, library = null, plugins = null;
        // One table of strings, in the order of the directories; the prefix comes first.
        int bin = bytes.AsSpan().IndexOf("\0${exec_prefix}/bin\0"u8);
        if (bin > 0)
        {
            int start = bytes.AsSpan(0, bin).LastIndexOf((byte)0) + 1;
            prefix = Encoding.UTF8.GetString(bytes, start, bin - start);
        }

        foreach (string text in Strings(bytes, "${"))
        {
            if (text.StartsWith("${libdir}/", StringComparison.Ordinal))
                plugins ??= text["${libdir}/".Length..];
            foreach (string variable in (ReadOnlySpan<string>)["${prefix}", "${exec_prefix}"])
            {
                if (text.StartsWith(variable + "/lib", StringComparison.Ordinal) && !text.EndsWith("/libexec", StringComparison.Ordinal) && !text.EndsWith("/include", StringComparison.Ordinal))
                    library ??= text[variable.Length..];
            }
        }

        return prefix is ['/', ..] && library is not null && plugins is not null ? new OpenMpiDirectories(prefix, library, plugins) : null;
    }

    /// <summary>The prefix under which a library that lies in this directory was meant to be; null where the directory does not end in libdir.</summary>
    public string? PrefixOf(string libraryDirectory) =>
        libraryDirectory.EndsWith(LibrarySuffix, StringComparison.Ordinal) && libraryDirectory.Length > LibrarySuffix.Length ? libraryDirectory[..^LibrarySuffix.Length] : null;

    static List<string> Strings(byte[] bytes, string begin)
    {
        List<string> found = [];
        byte[] mark = Encoding.ASCII.GetBytes("\0" + begin);
        int from = 0;
        for (int at; (at = bytes.AsSpan(from).IndexOf(mark)) >= 0;)
        {
            int start = from + at + 1;
            int length = bytes.AsSpan(start).IndexOf((byte)0);
            if (length < 0)
                break;
            found.Add(Encoding.UTF8.GetString(bytes, start, length));
            from = start + length;
        }

        return found;
    }
}
