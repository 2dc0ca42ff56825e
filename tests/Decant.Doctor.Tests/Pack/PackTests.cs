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
