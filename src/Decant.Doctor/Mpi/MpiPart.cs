using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A launcher or a library of an MPI, told by what it exports and binds, as sonames are shared between families.</summary>
/// <param name="Path">Of the library, or of the launcher's program.</param>
/// <param name="Teller">The file that tells the version.</param>
sealed record MpiPart(MpiFamily Family, string Path, string Teller)
{
    const string PrrteLibrary = "libprrte.so";

    /// <summary>Libraries of MPI are below this.</summary>
    const int MostBytes = 64 << 20;

    /// <summary>A launcher that leaves its work to prterun, PRRTE's.</summary>
    public bool StartsPrterun { get; private init; }

    /// <summary>A launcher of Open MPI 5, which is PRRTE's or leaves its work to it.</summary>
    public bool IsPrrte => StartsPrterun || LinuxPath.Name(Teller).StartsWith(PrrteLibrary, StringComparison.Ordinal);

    /// <summary>The family with its version, as far as the files tell it.</summary>
    public string Describe(ExaminedCommand command)
    {
        byte[] bytes = Read(command, Teller);
        Version? version = Family == MpiFamily.OpenMpi ? OpenMpiVersion(bytes) : VersionAfter(bytes, "MPICH Version:") ?? VersionAfter(bytes, "Version:");
        return $"{(Family == MpiFamily.OpenMpi ? "Open MPI" : "MPICH")}{(version is null ? "" : $" {version}")}";
    }

    /// <summary>The libmpi that a process binds; null for none.</summary>
    public static MpiPart? Library(LoadedProcess process)
    {
        foreach (LoadedObject loaded in process.Objects)
        {
            // A program has a copy of what it uses of the library's data.
            if (loaded == process.Program)
                continue;
            if (loaded.File.Exports("ompi_mpi_comm_world"))
                return new MpiPart(MpiFamily.OpenMpi, loaded.Path, loaded.Path);
            if (loaded.File.Exports("MPI_Init") && loaded.File.Exports("MPIR_Err_create_code"))
                return new MpiPart(MpiFamily.Mpich, loaded.Path, loaded.Path);
        }

        return null;
    }

    /// <summary>What a program starts ranks for; null where it is no launcher.</summary>
    public static MpiPart? Launcher(ExaminedCommand command, LoadedProcess process)
    {
        foreach (LoadedObject loaded in process.Objects)
        {
            string name = LinuxPath.Name(loaded.Path);
            if (name.StartsWith("libopen-pal.so", StringComparison.Ordinal) || name.StartsWith(PrrteLibrary, StringComparison.Ordinal))
                return new MpiPart(MpiFamily.OpenMpi, process.Program.Path, loaded.Path);
        }

        byte[] program = Read(command, process.Program.Path);
        // Hydra's process manager, and Open MPI 5's mpirun, which only starts prterun.
        if (program.AsSpan().IndexOf("HYDRA"u8) >= 0)
            return new MpiPart(MpiFamily.Mpich, process.Program.Path, process.Program.Path);
        return program.AsSpan().IndexOf("prterun"u8) >= 0 ? new MpiPart(MpiFamily.OpenMpi, process.Program.Path, process.Program.Path) { StartsPrterun = true } : null;
    }

    /// <summary>Its releases carry the version as a string by itself: "v4.1.4".</summary>
    static Version? OpenMpiVersion(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        for (int at; (at = rest.IndexOf("\0v"u8)) >= 0;)
        {
            rest = rest[(at + 2)..];
            int end = rest.IndexOf((byte)0);
            if (end is > 2 and < 16 && Version.TryParse(Encoding.ASCII.GetString(rest[..end]), out Version? version) && version.Build >= 0)
                return version;
        }

        return null;
    }

    static Version? VersionAfter(byte[] bytes, string words)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(words));
        if (at < 0)
            return null;
        ReadOnlySpan<byte> rest = bytes.AsSpan(at + words.Length);
        string text = Encoding.ASCII.GetString(rest[..Math.Min(rest.Length, 64)]).TrimStart(' ', '\t');
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        return Version.TryParse(text.AsSpan(0, end).TrimEnd('.'), out Version? version) ? version : null;
    }

    static byte[] Read(ExaminedCommand command, string path) => command.Root.Files.Read(path, MostBytes) ?? [];
}
