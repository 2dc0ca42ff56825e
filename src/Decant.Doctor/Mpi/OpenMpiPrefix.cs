using System.Text;
using Decant.Images;

namespace Decant.Doctor;

/// <summary>
/// The prefix that an Open MPI was built for, compiled into libopen-pal and mpirun: plugins, texts and daemons are looked for below it,
/// unless OPAL_PREFIX says where it lies now (opal/mca/installdirs of Open MPI 4 and 5).
/// </summary>
/// <param name="Path">Such as /usr.</param>
/// <param name="DataName">Of its own directory in PREFIX/share: "openmpi".</param>
sealed record OpenMpiPrefix(string Path, string DataName)
{
    const int MostBytes = 64 << 20;

    /// <summary>Null for a file that has none.</summary>
    public static OpenMpiPrefix? Read(RootLoaderFiles files, string path)
    {
        if (files.Read(path, MostBytes) is not { } bytes)
            return null;
        // One table of strings, in the order of the directories; the prefix comes first.
        int bin = bytes.AsSpan().IndexOf("\0${exec_prefix}/bin\0"u8);
        int data = bytes.AsSpan().IndexOf("\0${datadir}/openmpi"u8);
        if (bin <= 0 || data < 0)
            return null;
        int start = bytes.AsSpan(0, bin).LastIndexOf((byte)0) + 1;
        string prefix = Encoding.UTF8.GetString(bytes, start, bin - start);
        ReadOnlySpan<byte> name = bytes.AsSpan(data + "\0${datadir}/".Length);
        int end = name.IndexOf((byte)0);
        return prefix is ['/', ..] && end > 0 ? new OpenMpiPrefix(prefix, Encoding.UTF8.GetString(name[..end])) : null;
    }

    public bool IsAt(RootView view, string prefix) => view.Resolve($"{prefix}/share/{DataName}").Exists;

    /// <summary>The directory above a file of this Open MPI that is its prefix now; null where none is.</summary>
    public string? Find(RootView view, string file)
    {
        string real = view.Resolve(file).Path;
        for (int slash = real.LastIndexOf('/'); slash > 0; slash = real.LastIndexOf('/', slash - 1))
        {
            if (IsAt(view, real[..slash]))
                return real[..slash];
        }

        return null;
    }
}
