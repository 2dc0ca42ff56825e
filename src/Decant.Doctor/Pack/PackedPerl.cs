using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The directories of Perl's own modules, which its library names; those for modules of a site or of packages are left to who wants them.</summary>
static class PackedPerl
{
    public static IReadOnlyList<string> Directories(LoadedProcess process, FoundProgram program, RootLoaderFiles files)
    {
        if (!LinuxPath.Name(files.RealPath(program.Path)).StartsWith("perl", StringComparison.Ordinal))
            return [];
        LoadedObject teller = process.Objects.FirstOrDefault(one => LinuxPath.Name(one.Path).StartsWith("libperl.so", StringComparison.Ordinal)) ?? process.Program;
        return [.. EmbeddedDirectories.Of(files, teller.Path).Where(IsOwn)];
    }

    /// <summary>perl-base, and perl/5.36 or perl5/5.36 below lib or share of the system's prefix.</summary>
    static bool IsOwn(string directory)
    {
        string[] parts = directory.Split('/');
        return !directory.StartsWith("/usr/local/", StringComparison.Ordinal)
            && (parts[^1] == "perl-base" || (parts[^1].StartsWith("5.", StringComparison.Ordinal) && parts.Contains("perl")) || (parts[^1] == "perl5" && parts.Contains("lib64")));
    }
}
