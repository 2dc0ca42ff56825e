using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>Of what Open MPI 4 and 5 are told doctor says what they then do.</summary>
public sealed class OpenMpiTests
{
    const string Ranks = """
        extern char ompi_mpi_comm_world[];
        int MPI_Init(int *, char ***), MPI_Finalize(void);
        int main(int argc, char **argv) { MPI_Init(&argc, &argv); return MPI_Finalize(); }
        """;

    static readonly string[] asRoot = ["-e", "OMPI_ALLOW_RUN_AS_ROOT=1", "-e", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"];

    public static TheoryData<string, string> Commands { get; } = new()
    {
        { "", "mpirun -np 1 /out/ranks" },
        { "OMPI_MCA_pml=nope", "mpirun -np 1 /out/ranks" },
        { "OMPI_MCA_pml=nope", "/out/ranks" },
        { "OMPI_MCA_pml=nope", "mpirun -np 1 hostname" },
        { "OMPI_MCA_pml=^nope", "mpirun -np 1 /out/ranks" },
        { "OMPI_MCA_pml=ob1,nope", "/out/ranks" },
        { "OMPI_MCA_pml=ob1,^cm", "/out/ranks" },
        { "OMPI_MCA_btl=vader,self", "mpirun -np 1 /out/ranks" },
        { "OMPI_MCA_btl=sm,self", "mpirun -np 1 /out/ranks" },
        { "OMPI_MCA_btl=openib,self,nope", "/out/ranks" },
        { "OMPI_MCA_mtl=nope", "/out/ranks" },
        { "OMPI_MCA_coll=hcoll", "/out/ranks" },
        { "OMPI_MCA_coll=^hcoll", "/out/ranks" },
        { "OMPI_MCA_osc=pt2pt", "/out/ranks" },
        { "OMPI_MCA_smsc=xpmem", "/out/ranks" },
        { "OMPI_MCA_io=nope", "/out/ranks" },
        { "OMPI_MCA_rmaps=nope", "mpirun -np 1 hostname" },
        { "PRTE_MCA_rmaps=nope", "mpirun -np 1 hostname" },
        { "PRTE_MCA_ras=nope", "mpirun -np 1 hostname" },
        { "OMPI_MCA_pml=nope", "mpirun --mca pml ob1 -np 1 /out/ranks" },
        { "", "mpirun --mca pml nope -np 1 /out/ranks" },
        { "", "mpirun --hostfile /nope -np 1 hostname" },
        { "", "mpirun --hostfile /etc/passwd.nope -np 1 hostname" },
        { "", "mpirun --app /nope" },
        { "", "mpirun -wdir /nope -np 1 hostname" },
        { "", "mpirun -wdir /usr -np 1 bin/hostname" },
        { "", "mpirun -np 1 hostname : -np 1 nosuch" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_Open_MPI_does_with_its_options_is_known_before(string variable, string command)
    {
        TestImages.PulledAll(User.Root);
        foreach (string suite in new[] { "bookworm", "trixie" })
        {
            string[] options = ["-v", $"{directory.Value}/{suite}:/out:ro", .. asRoot, "-e", "OMPI_MCA_rmaps_base_oversubscribe=1", .. variable.Length > 0 ? (string[])["-e", variable] : []];
            ProgramResult told = DecantBinary.Run(User.Root, ["doctor", "--json", .. options, suite, "--", .. command.Split(' ')]);
            ProgramResult run = DecantBinary.Run(User.Root, ["run", "--no-fix", .. options, suite, .. command.Split(' ')]);
            Assert.True((told.ExitCode == 0) == (run.ExitCode == 0), $"{suite} {variable} {command}: {told.Output}\n{run.ExitCode} {run.Error}");
            foreach (JsonElement finding in JsonDocument.Parse(told.Output).RootElement.GetProperty("findings").EnumerateArray())
            {
                // Of what ranks say Open MPI loses some on the way.
                if (finding.GetProperty("id").GetString() is "mpi-file-missing" or "directory-missing")
                    Assert.Contains(finding.GetProperty("message").GetString()!, run.Output + run.Error);
            }
        }
    }

    [Theory]
    [InlineData("mpirun --version")]
    [InlineData("mpirun --help")]
    [InlineData("mpirun --allow-run-as-root --help")]
    [InlineData("mpirun --help --allow-run-as-root")]
    [InlineData("mpirun -np 1 hostname : --allow-run-as-root -np 1 hostname")]
    public void Whom_it_answers_as_root_is_known_before(string command)
    {
        TestImages.PulledAll(User.Root);
        foreach (string suite in new[] { "bookworm", "trixie" })
        {
            ProgramResult told = DecantBinary.Run(User.Root, ["doctor", suite, "--", .. command.Split(' ')]);
            ProgramResult run = DecantBinary.Run(User.Root, ["run", "--no-fix", suite, .. command.Split(' ')]);
            Assert.True((told.ExitCode == 0) == (run.ExitCode == 0), $"{suite} {command}: {told.Output}\n{run.ExitCode} {run.Error}");
        }
    }

    static readonly Lazy<string> directory = new(() =>
    {
        string place = Workplace.NewDirectory(User.Root);
        File.WriteAllText($"{place}/ranks.c", Ranks);
        foreach (string suite in new[] { "bookworm", "trixie" })
        {
            Shell.Run($"""
                mkdir {place}/{suite} && cd {place}/{suite} && tar -xf {TestImages.File($"{suite}.export.tar")} --wildcards --strip-components=3 '*libmpi.so.40*' &&
                cc -o ranks ../ranks.c -Wl,--unresolved-symbols=ignore-all libmpi.so.40 && rm libmpi*
                """).Expect(0);
        }

        return place;
    });
}
