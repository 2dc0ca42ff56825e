using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor.Tests;

public sealed class PackTests : IDisposable
{
    readonly string work = Directory.CreateTempSubdirectory("decant-packtest-").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void What_is_found_through_links_is_packed_with_the_links()
    {
        Compile("""
            mkdir -p real/1.2 && ln -s real opt && ln -s 1.2 real/current
            echo 'int f(void) { return 0; }' | cc -shared -fPIC -x c - -o real/1.2/libf.so.1.2 -Wl,-soname,libf.so.1
            ln -s libf.so.1.2 real/1.2/libf.so.1
            echo 'int f(void); int main(void) { return f(); }' | cc -x c - -x none -o real/1.2/program real/1.2/libf.so.1 -Wl,-rpath,$PWD/opt/current
            """);
        Pack pack = New();
        pack.Add($"{work}/opt/current/program");
        Assert.Equal("real", pack.Links[$"{work}/opt"]);
        Assert.Equal("1.2", pack.Links[$"{work}/real/current"]);
        Assert.Equal("libf.so.1.2", pack.Links[$"{work}/real/1.2/libf.so.1"]);
        Assert.Equal($"library of {work}/real/1.2/program", Why(pack, $"{work}/real/1.2/libf.so.1.2"));
        Assert.Equal($"{work}/opt/current/program", Assert.Single(pack.Config.Cmd));
    }

    [Fact]
    public void A_library_that_the_caller_s_library_path_gives_is_found_by_the_image_too()
    {
        Compile("""
            mkdir lib && echo 'int f(void) { return 0; }' | cc -shared -fPIC -x c - -o lib/libf.so
            echo 'int f(void); int main(void) { return f(); }' | cc -x c - -x none -o program -Llib -lf
            """);
        Pack pack = New(("LD_LIBRARY_PATH", $"{work}/lib"));
        pack.Add($"{work}/program");
        Assert.Contains($"LD_LIBRARY_PATH={work}/lib", pack.Config.Env);
        DecantException missing = Assert.Throws<DecantException>(() => New().Add($"{work}/program"));
        Assert.Contains($"{work}/program needs libf.so", missing.Message);
        Pack other = New(("LD_LIBRARY_PATH", $"{work}/lib"));
        other.Add("true");
        Assert.DoesNotContain(other.Config.Env, variable => variable.StartsWith("LD_", StringComparison.Ordinal));
    }

    [Fact]
    public void The_libraries_of_a_gpu_s_driver_stay_out()
    {
        Compile("""
            echo 'int cuInit(int f) { return f; }' | cc -shared -fPIC -x c - -o libcuda.so.1 -Wl,-soname,libcuda.so.1
            echo 'int cuInit(int); int main(void) { return cuInit(0); }' | cc -x c - -x none -o program libcuda.so.1 -Wl,-rpath,$PWD
            """);
        Pack pack = New();
        pack.Add($"{work}/program");
        Assert.DoesNotContain(pack.Files, file => file.Path.Contains("libcuda"));
        Assert.Contains("driver", Assert.Single(pack.LeftOut, one => one.Path == $"{work}/libcuda.so.1").Reason);
        // Nor need they be there.
        File.Delete($"{work}/libcuda.so.1");
        New().Add($"{work}/program");
    }

    [Fact]
    public void Plugins_come_with_their_own_libraries_and_those_that_cannot_be_opened_are_told()
    {
        Compile("""
            mkdir ucx && echo 'int ucs_f(void) { return 0; }' | cc -shared -fPIC -x c - -o libucs.so.0 -Wl,-soname,libucs.so.0
            echo 'int g(void) { return 0; }' | cc -shared -fPIC -x c - -o libg.so.1 -Wl,-soname,libg.so.1
            echo 'int g(void), ucs_f(void); int uct_f(void) { return g() + ucs_f(); }' | cc -shared -fPIC -x c - -x none -o ucx/libuct_good.so.0 libg.so.1 libucs.so.0 -Wl,-rpath,$PWD
            echo 'int h(void) { return 0; }' | cc -shared -fPIC -x c - -o libh.so.1 -Wl,-soname,libh.so.1
            echo 'int h(void); int uct_f(void) { return h(); }' | cc -shared -fPIC -x c - -x none -o ucx/libuct_bad.so.0 libh.so.1 && rm libh.so.1
            echo 'int ucs_f(void); int main(void) { return ucs_f(); }' | cc -x c - -x none -o program libucs.so.0 -Wl,-rpath,$PWD
            """);
        Pack pack = New();
        pack.Add($"{work}/program");
        Assert.Equal("opened by UCX", Why(pack, $"{work}/ucx/libuct_good.so.0"));
        Assert.Equal($"library of {work}/ucx/libuct_good.so.0", Why(pack, $"{work}/libg.so.1"));
        Assert.Contains("needs libh.so.1", Assert.Single(pack.LeftOut).Reason);
    }

    [Fact]
    public void A_directory_is_packed_with_the_libraries_of_what_is_in_it()
    {
        Compile("""
            mkdir -p tree/sub lib && echo 'int f(void) { return 0; }' | cc -shared -fPIC -x c - -o lib/libf.so -Wl,-soname,libf.so
            echo 'int f(void); int x(void) { return f(); }' | cc -shared -fPIC -x c - -x none -o tree/sub/x.so lib/libf.so -Wl,-rpath,$PWD/lib
            echo text >tree/data && ln -s ../lib/libf.so tree/link && ln -s nowhere tree/dangling && mkfifo tree/pipe
            """);
        Pack pack = New();
        pack.Add($"{work}/tree");
        Assert.Superset(new HashSet<string> { $"{work}/tree/data", $"{work}/tree/sub/x.so", $"{work}/lib/libf.so" }, pack.Files.Select(file => file.Path).ToHashSet());
        Assert.Equal(("../lib/libf.so", "nowhere"), (pack.Links[$"{work}/tree/link"], pack.Links[$"{work}/tree/dangling"]));
        Assert.Empty(pack.Config.Cmd);
    }

    [Fact]
    public void What_may_not_work_in_the_image_is_told()
    {
        Compile("""
            head -c 300 /usr/bin/true >cut && chmod 755 cut && mkdir tree && cp cut tree/cut.so && printf '\\177EL' >tree/short
            cp /usr/bin/true mine && chmod 6755 mine
            """);
        Pack pack = New();
        pack.Add($"{work}/cut");
        pack.Add($"{work}/tree");
        pack.Add($"{work}/mine");
        Assert.Equal([$"{work}/cut", $"{work}/mine", $"{work}/tree/cut.so"], pack.Warnings.Select(warning => warning.Split(": ")[0]).Order(StringComparer.Ordinal));
        Assert.Equal(2, pack.Warnings.Count(warning => warning.Contains("a damaged ELF file: the file ends at byte 300")));
        Assert.Contains("set-user-ID", Assert.Single(pack.Warnings, warning => warning.StartsWith($"{work}/mine", StringComparison.Ordinal)));
        Pack other = New();
        other.Add("true");
        Assert.Empty(other.Warnings);
    }

    [Fact]
    public void What_cannot_be_packed_is_told_in_the_words_of_the_host()
    {
        Compile("printf '#!/no/such/python\n' >script && chmod 755 script && mkdir here");
        Assert.Equal($"{work}/script cannot start here, so it cannot be packed: /no/such/python: No such file or directory", Assert.Throws<DecantException>(() => New().Add($"{work}/script")).Message);
        Pack pack = new(new RootView(["/"]), new LaunchEnvironment().With("PATH", "/usr/bin", "test"), work);
        Assert.EndsWith("./here", Assert.Throws<DecantException>(() => pack.Add("here")).Fix);
        Assert.DoesNotContain("./", Assert.Throws<DecantException>(() => pack.Add("nowhere")).Fix);
    }

    [Fact]
    public void A_program_for_another_machine_is_to_be_packed_there()
    {
        Assert.SkipUnless(HostProgram.Find("aarch64-linux-gnu-gcc") is not null, "there is no compiler for arm64");
        Compile("echo 'int main(void) { return 0; }' | aarch64-linux-gnu-gcc -x c - -o foreign");
        DecantException refused = Assert.Throws<DecantException>(() => New().Add($"{work}/foreign"));
        Assert.StartsWith($"{work}/foreign is for ", refused.Message);
        Assert.Equal("pack it on a machine of its kind", refused.Fix);
    }

    [Fact]
    public void Patterns_of_several_names_go_through_directories()
    {
        Compile("mkdir -p lib/gcc/triple/12/include/sub bin && touch lib/gcc/triple/12/cc1 lib/gcc/triple/12/f951 lib/gcc/triple/12/crt1.o lib/gcc/triple/12/include/sub/x.h && printf 'int main(void){return __builtin_puts(\"%s/lib/gcc/\");}' $PWD | cc -x c - -o bin/gcc");
        Pack pack = New();
        pack.Add($"{work}/bin/gcc");
        string[] opened = [.. pack.Files.Where(file => file.Why == "opened by gcc" && file.Path.StartsWith(work, StringComparison.Ordinal)).Select(file => file.Path[$"{work}/lib/gcc/triple/12/".Length..])];
        Assert.Equal(["cc1", "crt1.o", "include/sub/x.h"], opened);
    }

    Pack New(params (string Name, string Value)[] variables)
    {
        LaunchEnvironment environment = new LaunchEnvironment().With("PATH", "/usr/bin:/bin", "test");
        foreach ((string name, string value) in variables)
            environment = environment.With(name, value, "test");
        return new Pack(new RootView(["/"]), environment, "/");
    }

    static string Why(Pack pack, string path) => Assert.Single(pack.Files, file => file.Path == path).Why;

    void Compile(string script)
    {
        DemoProcess done = DemoProcess.Run("sh", ["-ec", $"cd {work}\n{script}"], null, new Dictionary<string, string?>());
        Assert.True(done.ExitCode == 0, $"(install gcc, libc6-dev) {done.Errors}");
    }
}
