using System.Diagnostics;

namespace Decant.Doctor.Tests;

/// <summary>Programs and libraries of C in a root of their own. What is predicted is what they say when this machine's loader runs them where they lie.</summary>
public sealed class LoadFindingsTests : IDisposable
{
    readonly ScratchRoot root = new();

    public LoadFindingsTests()
    {
        Assert.SkipUnless(HostProgram.Find("gcc") is not null, "there is no compiler");
        root.Copy(RealLoader, RealLoader).Copy(Libc, Libc);
    }

    const string RealLoader = "/lib64/ld-linux-x86-64.so.2";
    const string Libc = "/lib/x86_64-linux-gnu/libc.so.6";

    public void Dispose() => root.Dispose();

    /// <param name="path">Of what is made, in the root.</param>
    void Compile(string path, string source, params string[] options)
    {
        root.File("/source.c", source).File(path, "", executable: true);
        using Process compiler = Process.Start("gcc", ["-o", root.At(path), root.At("/source.c"), "-Wl,-z,lazy", "-Wl,--allow-shlib-undefined", "-Wl,--unresolved-symbols=ignore-all", .. options]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }

    void Library(string path, string source, params string[] options) =>
        Compile(path, source, ["-shared", "-fPIC", "-nostdlib", $"-Wl,-soname,{Path.GetFileName(path)}", .. options]);

    IReadOnlyList<Finding> Examine(params string[] arguments) => Decant.Doctor.Examination.Examine(root.Command(arguments), ScratchRoot.Host);

    /// <summary>What the program says, with the paths of the root as they would be inside.</summary>
    string Run(string program, string libraryPath, string? flag = null)
    {
        ProcessStartInfo start = new(root.At(program)) { RedirectStandardError = true };
        start.Environment["LD_LIBRARY_PATH"] = root.At(libraryPath);
        if (flag is not null)
            start.Environment[flag] = "1";
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return errors.Replace(root.At(""), "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_missing_only_when_it_is_called_is_told_with_the_copy_that_has_it()
    {
        Library("/opt/better/lib/libpart.so.1", "int part(void){return 0;}int gone(void){return 0;}");
        Compile("/bin/app", "int part(void);int gone(void);int main(void){return part()?0:gone();}", root.At("/opt/better/lib/libpart.so.1"));
        Library("/usr/lib/libpart.so.1", "int part(void){return 0;}");
        Library("/opt/third/lib/libpart.so.1", "int gone(void){return 0;}", "-Wl,--no-as-needed", root.At("/opt/better/lib/libpart.so.1"));
        Finding finding = Assert.Single(Examine("/bin/app"));
        Assert.Equal(("symbol-missing-when-called", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Equal("LD_LIBRARY_PATH=/opt/better/lib, as the libpart.so.1 there exports gone", finding.Fix);
        Assert.Contains(finding.Message!, Run("/bin/app", "/usr/lib"));
        Assert.Empty(Run("/bin/app", "/opt/better/lib"));
        File.Delete(root.At("/opt/better/lib/libpart.so.1"));
        File.Delete(root.At("/opt/third/lib/libpart.so.1"));
        Assert.Equal("install a release of the library that /bin/app was built with", Assert.Single(Examine("/bin/app")).Fix);
    }

    [Fact]
    public void Programs_that_want_different_functions_of_one_library_lack_different_things()
    {
        Library("/opt/better/lib/libpart.so.1", "int part(void){return 0;}int one(void){return 0;}int two(void){return 0;}");
        foreach ((string program, string function) in new[] { ("/bin/app", "one"), ("/bin/same", "one"), ("/bin/other", "two") })
            Compile(program, $"int part(void);int {function}(void);int main(void){{return part()?0:{function}();}}", root.At("/opt/better/lib/libpart.so.1"));
        Library("/usr/lib/libpart.so.1", "int part(void){return 0;}");
        Dictionary<string, string?> lacking = RootExamination.Of(root.Command(), ScratchRoot.Host).Findings.Where(finding => finding.Id == "symbol-missing-when-called").ToDictionary(finding => finding.File!, finding => finding.Lacking);
        Assert.Equal(3, lacking.Count);
        Assert.NotNull(lacking["/bin/app"]);
        Assert.Equal(lacking["/bin/app"], lacking["/bin/same"]);
        Assert.NotEqual(lacking["/bin/app"], lacking["/bin/other"]);
    }

    [Fact]
    public void All_functions_are_looked_up_at_once_where_the_environment_says_so()
    {
        Library("/usr/lib/libpart.so.1", "int gone(void);int part(void){return 0;}int never(void){return gone();}");
        Compile("/bin/app", "int part(void);int main(void){return part();}", "-Wl,-z,now", root.At("/usr/lib/libpart.so.1"));
        Assert.Equal("symbol-missing-when-called", Assert.Single(Examine("/bin/app")).Id);
        Assert.Empty(Run("/bin/app", "/usr/lib"));
        Finding finding = Assert.Single(Decant.Doctor.Examination.Examine(root.Command([("LD_BIND_NOW", "1")], ["/bin/app"]), ScratchRoot.Host));
        Assert.Equal("symbol-missing", finding.Id);
        Assert.Contains(finding.Message!, Run("/bin/app", "/usr/lib", "LD_BIND_NOW"));
    }

    [Fact]
    public void A_libc_of_another_release_than_the_loader_is_told_and_taken_away()
    {
        Compile("/bin/app", "int main(void){return 0;}");
        Assert.Empty(Examine("/bin/app"));
        // The same library but for what it says of itself, and of the versions that it has.
        byte[] libc = File.ReadAllBytes(Libc);
        string said = System.Text.Encoding.ASCII.GetString(libc.AsSpan(libc.AsSpan().IndexOf("release version 2."u8), 20));
        foreach ((string from, string to) in new[] { (said, "release version 2.17"), ("GLIBC_" + said[^4..] + '\0', "GLIBC_2.00\0") })
            System.Text.Encoding.ASCII.GetBytes(to).CopyTo(libc, libc.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(from)));
        root.File("/host/libc.so.6", "");
        File.WriteAllBytes(root.At("/host/libc.so.6"), libc);
        Diagnosis diagnosis = Diagnosis.Of(root.Command([("LD_LIBRARY_PATH", "/host")], ["/bin/app"]), ScratchRoot.Host);
        Finding finding = Assert.Single(diagnosis.Findings);
        Assert.Equal(("glibc-mixed", FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.StartsWith($"/host/libc.so.6 is of glibc 2.17, and the loader {RealLoader} of glibc {said[^4..]}", finding.Cause);
        Assert.Null(Assert.Single(diagnosis.Prescription!.Changes).Value);
    }

    [Fact]
    public void The_program_is_called_in_messages_as_the_command_names_it()
    {
        Library("/usr/lib/libpart.so.1", "extern int value;int part(void){return value;}int value = 1;");
        Compile("/bin/app", "extern int value;int main(void){return value;}", root.At("/usr/lib/libpart.so.1"), "-fPIC", "-pie");
        Library("/usr/lib/libpart.so.1", "int part(void){return 0;}");
        Assert.Equal("app: symbol lookup error: app: undefined symbol: value", Assert.Single(Examine("app")).Message);
        Assert.Contains(Assert.Single(Examine("/bin/app")).Message!, Run("/bin/app", "/usr/lib"));
    }

    [Fact]
    public void A_library_of_the_other_class_is_told_in_the_loaders_words_and_not_as_its_place()
    {
        Library("/usr/lib/libpart.so.1", "int part(void){return 0;}");
        Compile("/bin/app", "int part(void);int main(void){return part();}", root.At("/usr/lib/libpart.so.1"));
        Library("/usr/lib/libpart.so.1", "int part(void){return 0;}", "-m32");
        Finding finding = Assert.Single(Examine("/bin/app"));
        Assert.Equal("/bin/app: error while loading shared libraries: libpart.so.1: wrong ELF class: ELFCLASS32", finding.Message);
        Assert.Contains(finding.Message!, Run("/bin/app", "/usr/lib"));
        Assert.Equal("/bin/app needs libpart.so.1, which is in the image only for another machine, or damaged", finding.Cause);

        // Neither what was cut off nor a program of the name is the library.
        root.File("/aaa/libpart.so.1", "\u007fELF");
        Compile("/bbb/libpart.so.1", "int main(void){return 0;}", "-no-pie");
        Library("/ccc/libpart.so.1", "int part(void){return 0;}");
        finding = Assert.Single(Examine("/bin/app"));
        Assert.Equal("/bin/app needs libpart.so.1, which is in /ccc, where the loader does not look", finding.Cause);
        Assert.Equal("/ccc", Assert.Single(finding.Candidates).Value);
        Assert.Contains("libpart.so.1 is in /aaa, but for another machine, or damaged", finding.Evidence);
    }

    [Fact]
    public void Pythons_own_extension_modules_whose_library_was_moved_are_told_of_a_whole_image()
    {
        const string module = "/usr/lib/python3.9/lib-dynload/_ssl.cpython-39-x86_64-linux-gnu.so";
        Library("/opt/moved/lib/libssl.so.9", "int part(void){return 0;}");
        Library(module, "int part(void);int own(void){return part();}", root.At("/opt/moved/lib/libssl.so.9"));
        Finding note = Assert.Single(RootExamination.Of(root.Command(), ScratchRoot.Host).Findings, one => one.Id == "library-missing");
        Assert.Equal(FindingSeverity.Note, note.Severity);

        Compile("/usr/bin/python3.9", "int main(void){return 0;}");
        Finding warning = Assert.Single(RootExamination.Of(root.Command(), ScratchRoot.Host).Findings, one => one.Id == "library-missing");
        Assert.Equal(FindingSeverity.Warning, warning.Severity);
        Assert.Equal($"{module} needs libssl.so.9, which is in /opt/moved/lib, where the loader does not look", warning.Cause);
        Assert.Equal("LD_LIBRARY_PATH=/opt/moved/lib, as libssl.so.9 is in /opt/moved/lib", warning.Fix);

        // What is nowhere was left out on purpose.
        File.Delete(root.At("/opt/moved/lib/libssl.so.9"));
        Assert.Equal(FindingSeverity.Note, Assert.Single(RootExamination.Of(root.Command(), ScratchRoot.Host).Findings, one => one.Id == "library-missing").Severity);
    }

    [Theory]
    [InlineData(0u, "", "mpirun -np 2 app", 2)]
    [InlineData(0u, "", "mpirun -np 2 app --allow-run-as-root", 2)]
    [InlineData(0u, "OMPI_ALLOW_RUN_AS_ROOT=1", "mpirun -np 2 app", 1)]
    [InlineData(0u, "OMPI_ALLOW_RUN_AS_ROOT=0,OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "mpirun -np 2 app", 1)]
    [InlineData(0u, "OMPI_ALLOW_RUN_AS_ROOT=1,OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "mpirun -np 2 app", 0)]
    [InlineData(0u, "", "mpirun --allow-run-as-root -np 2 app", 0)]
    [InlineData(0u, "", "mpirun -np 2 -allow-run-as-root app", 0)]
    [InlineData(0u, "", "mpirun --version", 0)]
    [InlineData(1000u, "", "mpirun -np 2 app", 0)]
    [InlineData(null, "", "mpirun -np 2 app", 0)]
    public void Open_MPI_refuses_root_unless_it_is_allowed_twice_or_by_an_option(uint? user, string variables, string command, int changes)
    {
        foreach (string allow in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "prterun"])
        {
            Library("/usr/lib/libopen-pal.so.40", "int part(void){return 0;}");
            // The one is told by its library, the other by the program that it starts.
            string[] linked = allow == "prterun" ? [] : [root.At("/usr/lib/libopen-pal.so.40")];
            Compile("/usr/bin/mpirun", $"const char *known = \"{allow}\";int part(void);int main(void){{return {(linked.Length > 0 ? "part()" : "0")};}}", linked);
            Compile("/usr/bin/app", "int main(void){return 0;}");
            ExaminedCommand asked = As(user, root.Command([.. variables.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => (one.Split('=')[0], one.Split('=')[1]))], command.Split(' ')));
            Diagnosis diagnosis = Diagnosis.Of(asked, ScratchRoot.Host);
            Assert.Equal(changes, diagnosis.Prescription?.Changes.Count ?? 0);
            Assert.All(diagnosis.Findings, finding => Assert.Equal(("mpi-run-as-root", true), (finding.Id, finding.Message!.EndsWith(" has detected an attempt to run as root.", StringComparison.Ordinal))));
            Assert.Equal(changes > 0 ? 1 : 0, diagnosis.Findings.Count);
        }
    }

    [Fact]
    public void Functions_that_choose_themselves_are_refused_by_the_loader_of_musl_alone()
    {
        const string musl = "/lib/ld-musl-x86_64.so.1";
        Assert.SkipUnless(File.Exists(musl), "there is no musl");
        root.Copy(musl, musl);
        Library("/usr/lib/libpick.so.1", "static int g(void){return 0;} static int (*pick(void))(void){return g;} static int f(void) __attribute__((ifunc(\"pick\"))); int part(void){return f();}");
        Compile("/bin/app", "int part(void);int main(void){return part();}", root.At("/usr/lib/libpick.so.1"));
        Assert.Empty(Examine("app"));
        Compile("/bin/app", "int part(void);void _start(void){part();}", "-nostdlib", $"-Wl,--dynamic-linker={musl}", root.At("/usr/lib/libpick.so.1"));
        Finding finding = Assert.Single(Examine("app"));
        Assert.Equal(("relocation-unsupported", FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("/usr/lib/libpick.so.1", finding.Cause);
        Assert.Contains("nsupported relocation type", Run("/bin/app", "/usr/lib"));
    }

    [Fact]
    public void An_old_Open_MPI_is_told_to_take_the_option()
    {
        Library("/usr/lib/libopen-pal.so.40", "int part(void){return 0;}");
        Compile("/usr/bin/mpirun", "int part(void);int main(void){return part();}", root.At("/usr/lib/libopen-pal.so.40"));
        Finding finding = Assert.Single(Decant.Doctor.Examination.Examine(As(0, root.Command("mpirun", "-np", "2", "app")), ScratchRoot.Host), one => one.Id == "mpi-run-as-root");
        Assert.Empty(finding.Candidates);
        Assert.Contains("mpirun --allow-run-as-root", finding.Fix);
    }

    static ExaminedCommand As(uint? user, ExaminedCommand command) =>
        new(command.Root, command.Environment, command.WorkingDirectory, command.Arguments) { UserId = user };
}
