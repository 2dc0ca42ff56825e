namespace Decant.EndToEnd.Tests;

/// <summary>Programs of MPI, and the images that have MPIs: Debian's Open MPI 4 and 5, and this host's own MPICH, packed.</summary>
static class MpiPrograms
{
    const string Libraries = "/usr/lib/x86_64-linux-gnu";

    static readonly Lazy<string> directory = new(Compile);
    static readonly Lazy<string> mpich = new(Pack);

    /// <summary>Lets both Open MPIs of Debian start more ranks than there are processors, and as root too; between them is shared memory.</summary>
    public static Dictionary<string, string> Variables { get; } = new()
    {
        ["OMPI_ALLOW_RUN_AS_ROOT"] = "1",
        ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1",
        ["OMPI_MCA_rmaps_base_oversubscribe"] = "1",
        ["OMPI_MCA_btl"] = "self,vader",
        ["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe",
    };

    /// <summary>The options that bring the programs in: as /app/ranks, for Open MPI, and /app/ranks-mpich.</summary>
    public static string[] Mounted => ["-v", $"{directory.Value}:/app:ro"];

    /// <summary>The name of an image in the user's store: "bookworm" has Open MPI 4, "trixie" Open MPI 5, "mpich" what it says.</summary>
    public static string Image(User user, string name) =>
        name == "mpich" ? TestImages.Pulled(user, name, $"docker-archive:{mpich.Value}") : TestImages.Pulled(user, name);

    public static string Program(string image) => image == "mpich" ? "/app/ranks-mpich" : "/app/ranks";

    /// <summary>What ranks print who have all in common that ranks of one host have, sorted.</summary>
    public static string[] Whole(int ranks) => [.. Enumerable.Range(0, ranks).Select(rank => $"rank {rank} of {ranks}: ring ok, cma ok, file ok")];

    public static string[] Sorted(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(lines, StringComparer.Ordinal);
        return lines;
    }

    static string Compile()
    {
        string place = Workplace.NewDirectory(User.Root);
        string source = Workplace.Existing("tests/Decant.EndToEnd.Tests/Mpi/ranks.c", "git checkout");
        Shell.Run($"""
            cc -O1 -o {place}/ranks {source} -Wl,--unresolved-symbols=ignore-all {Libraries}/libmpi.so.40 &&
            cc -O1 -DMPICH -o {place}/ranks-mpich {source} -Wl,--unresolved-symbols=ignore-all {Libraries}/libmpich.so.12
            """).Expect(0);
        return place;
    }

    static string Pack()
    {
        string file = $"{Workplace.NewDirectory(User.Root)}/mpich.tar";
        DecantBinary.Run(User.Root, "pack", "/usr/bin/mpiexec.hydra", "/usr/bin/hydra_pmi_proxy", "/usr/bin/env", $"{directory.Value}/ranks-mpich", "-o", $"docker-archive:{file}").Expect(0);
        return file;
    }
}
