namespace Decant.Doctor.Tests;

/// <summary>A small Open MPI 4: libraries with the descriptions of components, a launcher, a program that starts MPI and one that does not.</summary>
public sealed class MpiCheckTests : IDisposable
{
    const string Component = """
        struct component { int mca[3]; char project[16]; int version[3]; char framework[32]; int type[3]; char name[64]; };
        struct component mca_pml_ob1 = { { 2, 1, 0 }, "ompi", { 4, 1, 4 }, "pml", { 2, 0, 0 }, "ob1" }, mca_btl_self = { { 2, 1, 0 }, "opal", { 4, 1, 4 }, "btl", { 3, 1, 0 }, "self" },
          mca_btl_sm = { { 2, 1, 0 }, "opal", { 4, 1, 4 }, "btl", { 3, 1, 0 }, "sm" }, mca_mtl_ofi = { { 2, 1, 0 }, "ompi", { 4, 1, 4 }, "mtl", { 2, 0, 0 }, "ofi" },
          mca_plm_rsh = { { 2, 1, 0 }, "orte", { 4, 1, 4 }, "plm", { 2, 0, 0 }, "rsh" };
        int ompi_mpi_comm_world; int MPI_Init(void *a, void *b) { return 0; } int opal_init(void) { return 0; }
        """;

    readonly ScratchRoot root = new();

    public MpiCheckTests()
    {
        Assert.SkipUnless(HostProgram.Find("gcc") is not null, "there is no compiler");
        string libc = "/lib/x86_64-linux-gnu/libc.so.6", loader = "/lib64/ld-linux-x86-64.so.2";
        root.Copy(loader, loader).Copy(libc, libc).File("/usr/lib/none", "").File("/usr/bin/none", "").File("/hosts", "localhost\n").File("/work/tool", "");
        Compile("/usr/lib/libopen-pal.so.40", Component, "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libopen-pal.so.40");
        Compile("/usr/lib/libmpi.so.40", Component, "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libmpi.so.40");
        Compile("/usr/bin/mpirun", "int opal_init(void); int main(void) { return opal_init(); }", root.At("/usr/lib/libopen-pal.so.40"));
        Compile("/usr/bin/ranks", "int MPI_Init(void *, void *); int main(void) { return MPI_Init(0, 0); }", root.At("/usr/lib/libmpi.so.40"));
        Compile("/usr/bin/plain", "int main(void) { return 0; }");
        root.Copy("/usr/bin/env", root.At("/usr/bin/plain"));
        Compile("/work/tool", "int main(void) { return 0; }");
    }

    public void Dispose() => root.Dispose();

    void Compile(string path, string source, params string[] options)
    {
        root.File("/source.c", source);
        DemoProcess done = DemoProcess.Run("gcc", ["-o", root.At(path), root.At("/source.c"), .. options], null, new Dictionary<string, string?>());
        Assert.True(done.ExitCode == 0, done.Errors);
    }

    [Theory]
    [InlineData("", "mpirun -np 2 ranks", "")]
    [InlineData("pml=nope", "mpirun -np 2 ranks", "OMPI_MCA_pml asks for the pml component nope")]
    [InlineData("pml=nope", "ranks", "OMPI_MCA_pml asks for the pml component nope")]
    [InlineData("pml=nope", "mpirun -np 2 plain", "")]
    [InlineData("pml=^nope", "ranks", "")]
    [InlineData("pml=ob1,nope", "ranks", "component nope")]
    [InlineData("pml=ob1,", "ranks", "")]
    [InlineData("pml=OB1", "ranks", "component OB1")]
    [InlineData("pml=ob1,^cm", "ranks", "names and excludes at once")]
    [InlineData("btl=self,sm", "ranks", "")]
    [InlineData("btl=self,vader", "ranks", "")]
    [InlineData("btl=self,tcp", "ranks", "component tcp")]
    [InlineData("btl_tcp_if_include=lo", "ranks", "")]
    [InlineData("io=nope", "ranks", "")]
    [InlineData("smsc=nope", "ranks", "")]
    [InlineData("pml=nope,mca_base_component_path=/opt/mine", "ranks", "")]
    [InlineData("pml=nope", "mpirun --mca pml ob1 -np 2 ranks", "")]
    [InlineData("pml=ob1", "mpirun --mca pml nope -np 2 ranks", "--mca pml asks for the pml component nope")]
    [InlineData("", "mpirun -np 2 ranks --mca pml nope", "")]
    [InlineData("", "mpirun -x OMPI_MCA_pml=nope -np 2 ranks", "OMPI_MCA_pml asks for the pml component nope")]
    [InlineData("", "mpirun -np 1 plain : --mca pml nope -np 1 ranks", "")]
    [InlineData("", "mpirun --mca pml nope -np 1 plain : -np 1 ranks", "--mca pml asks for the pml component nope")]
    [InlineData("plm=nope", "mpirun -np 1 plain", "OMPI_MCA_plm asks for the plm component nope")]
    [InlineData("plm=nope", "ranks", "")]
    [InlineData("", "mpirun --hostfile /hosts plain", "")]
    [InlineData("", "mpirun --hostfile /nope plain", "a list of hosts, /nope")]
    [InlineData("", "mpirun -machinefile nope plain", "a list of hosts, nope")]
    [InlineData("", "mpirun --hostfile /dev/stdin plain", "")]
    [InlineData("", "mpirun -np 1 plain : --hostfile /nope plain", "a list of hosts, /nope")]
    [InlineData("", "mpirun plain --hostfile /nope", "")]
    [InlineData("", "mpirun --app /nope", "a list of programs, /nope")]
    [InlineData("", "mpirun --app /hosts", "")]
    [InlineData("", "mpirun -wdir /nope plain", "goes to /nope")]
    [InlineData("", "mpirun -wdir /work ./tool", "")]
    [InlineData("", "mpirun -wdir work -np 1 ./tool : plain", "")]
    [InlineData("", "mpirun -np 1 plain : -wdir /hosts plain", "cannot go to /hosts")]
    [InlineData("", "mpirun -np 1 plain : -np 1 nosuch", "there is no program nosuch")]
    [InlineData("", "env A=b mpirun -np 1 plain : -np 1 plain : nosuch", "there is no program nosuch")]
    [InlineData("", "mpirun -np 1 plain :", "")]
    public void What_a_launcher_is_told_is_checked_for_each_program(string parameters, string command, string cause)
    {
        List<(string, string)> variables = [("OMPI_MCA_plm_rsh_agent", "none")];
        foreach (string part in parameters.Replace(",mca", "\nmca", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            variables.Add(($"OMPI_MCA_{part.Split('=')[0]}", part.Split('=')[1]));
        // The vader of the small Open MPI is a name of its sm, as in Open MPI 5.
        Finding[] errors = [.. Decant.Doctor.Examination.Examine(root.Command([.. variables], command.Split(' ')), ScratchRoot.Host).Where(finding => finding.Severity == FindingSeverity.Error)];
        if (cause.Length == 0)
            Assert.Empty(errors);
        else
            Assert.Contains(cause, Assert.Single(errors).Cause);
    }

    [Fact]
    public void Without_a_component_of_one_way_among_others_it_goes_on()
    {
        Finding finding = Assert.Single(Decant.Doctor.Examination.Examine(root.Command([("OMPI_MCA_mtl", "psm")], ["ranks"]), ScratchRoot.Host));
        Assert.Equal(("mpi-component-missing", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("its mtl components are ofi", finding.Evidence);
    }

    [Fact]
    public void In_Open_MPI_4_sm_only_says_that_vader_took_its_place()
    {
        Compile("/usr/lib/libmpi.so.40", Component.Replace("mca_mtl_ofi", "mca_btl_vader", StringComparison.Ordinal).Replace("\"mtl\"", "\"btl\"", StringComparison.Ordinal).Replace("\"ofi\"", "\"vader\"", StringComparison.Ordinal), "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libmpi.so.40");
        Assert.Equal(["self", "vader"], MpiComponents.Of("btl", Assert.IsType<LoadedCommand>(Loaded("ranks"))));
        Assert.Equal(["ob1"], MpiComponents.Of("pml", Loaded("ranks")));
        Assert.Empty(MpiComponents.Of("nope", Loaded("ranks")));
    }

    LoadedCommand Loaded(string program)
    {
        _ = ProgramCheck.Examine(root.Command(program), ScratchRoot.Host, out LoadedCommand? loaded);
        return loaded!;
    }

    [Theory]
    [InlineData("mpirun --help", "mpirun cannot provide the help message when run as root.")]
    [InlineData("mpirun -np 1 -h", "mpirun cannot provide the help message when run as root.")]
    [InlineData("mpirun --help --allow-run-as-root", "mpirun cannot provide the help message when run as root.")]
    [InlineData("mpirun --allow-run-as-root --help", "")]
    [InlineData("mpirun --version --help", "")]
    [InlineData("mpirun -V plain", "")]
    [InlineData("mpirun plain --version", "mpirun has detected an attempt to run as root.")]
    [InlineData("mpirun -np 1 plain : --allow-run-as-root plain", "mpirun has detected an attempt to run as root.")]
    public void Open_MPI_4_refuses_root_even_its_help(string command, string message)
    {
        ExaminedCommand given = root.Command([("OMPI_MCA_plm_rsh_agent", "none")], command.Split(' '));
        ExaminedCommand asked = new(given.Root, given.Environment, "/", given.Arguments) { UserId = 0 };
        string[] messages = [.. Decant.Doctor.Examination.Examine(asked, ScratchRoot.Host).Select(finding => finding.Message!)];
        Assert.Equal(message.Length == 0 ? [] : [message], messages);
    }
}
