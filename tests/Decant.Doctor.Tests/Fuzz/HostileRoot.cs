using System.Diagnostics;
using System.Text;

namespace Decant.Doctor.Tests;

/// <summary>A small root with a file of each kind that doctor reads, any of which may be replaced by something worse.</summary>
sealed class HostileRoot : IDisposable
{
    const string Loader = "/lib64/ld-linux-x86-64.so.2";
    const string Standard = "/usr/lib/python3.9";
    const string Site = Standard + "/site-packages";

    readonly ScratchRoot root = new();
    readonly ScratchRoot outside = new();
    readonly Dictionary<string, byte[]> healthy = new(StringComparer.Ordinal);

    public HostileRoot()
    {
        Assert.SkipUnless(HostProgram.Find("gcc") is not null, "there is no compiler");
        root.File("/usr/local/cuda/bin/nvcc", "release 12.9", executable: true);
        // What a loader tells of itself; the real one and its libc would take most of the time.
        Compile(
            Loader, "const char paths[] = \"/lib/\\0/usr/lib/\";const char cache[] = \"/etc/ld.so.cache\";const char version[] = \"ld.so (x) stable release version 2.36.\";",
            "-shared", "-fPIC", "-Wl,-soname,ld-linux-x86-64.so.2");
        Compile("/usr/lib/libc.so.6", "int setlocale(int one,const char *two){return one;}", "-shared", "-fPIC", "-Wl,-soname,libc.so.6");
        Compile(
            "/usr/lib/libpart.so.1", "extern int setlocale(int,const char*);int part(void){return setlocale(0,\"\");}", "-shared", "-fPIC", "-Wl,-soname,libpart.so.1", root.At("/usr/lib/libc.so.6"));
        Compile("/usr/bin/python3.9", "int part(void);int Py_BytesMain(void){return part();}int main(void){return Py_BytesMain();}", root.At("/usr/lib/libpart.so.1"), root.At("/usr/lib/libc.so.6"), "-rdynamic", "-Wl,-e,main");
        Compile($"{Standard}/lib-dynload/_ext.cpython-39-x86_64-linux-gnu.so", "int part(void);int PyInit__ext(void){return part();}", "-shared", "-fPIC", root.At("/usr/lib/libpart.so.1"));
        Keep("/usr/lib/libpart.so.1", File.ReadAllBytes(root.At("/usr/lib/libpart.so.1")));
        Keep("/etc/ld.so.cache", Cache());
        Keep("/etc/ld.so.preload", "/usr/lib/libpart.so.1 # first\n");
        Keep($"{Standard}/os.py", "import sys\n");
        Keep($"{Standard}/site.py", "import os\n");
        Keep($"{Standard}/encodings/__init__.py", "");
        Keep($"{Site}/more.pth", "/opt/more\nimport sys; sys.modules['aside'] = sys\n# words\n");
        Keep($"{Site}/pkg/__init__.py", "try:\n  from . import part\nexcept ImportError as e:\n  raise\n");
        Keep($"{Site}/pkg/part.py", "import _ext, archived\n");
        Keep($"{Site}/pkg-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: pkg\nVersion: 1.2\n");
        Keep($"{Site}/pkg-1.2.dist-info/RECORD", "pkg/__init__.py,sha256=x,1\n");
        Keep("/usr/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = true\n");
        Keep("/usr/local/cuda/version.json", "{\"cuda\": {\"version\": \"12.9.0\"}}");
        Keep("/usr/local/cuda/version.txt", "CUDA Version 10.2.89");
        Keep("/usr/lib/locale/locale-archive", "\u0009\u0001\u0002\u00de\0en_US.utf8\0");
        Keep("/etc/ssl/certs/ca-certificates.crt", "-----BEGIN CERTIFICATE-----\n");
        Keep("/opt/more/archived.py", "x = 1\n");
        Keep("/script.py", "import pkg, pkg.part\nfrom pkg import part\n");
        root.File("/usr/lib/python3.9/lib-dynload/readme", "");
    }

    /// <summary>The files that may be replaced, by their paths in the root.</summary>
    public string[] Files => [.. healthy.Keys];

    public byte[] Content(string path) => healthy[path];

    public void Dispose()
    {
        root.Dispose();
        outside.Dispose();
    }

    public string At(string path) => root.At(path);

    /// <summary>A file beside the root with the content that the one in it should have.</summary>
    public string Outside(string path)
    {
        outside.File(path, "");
        File.WriteAllBytes(outside.At(path), healthy[path]);
        return outside.At(path);
    }

    public void Remove(string path) => File.Delete(root.At(path));

    public void Restore(string path) => File.WriteAllBytes(root.At(path), healthy[path]);

    /// <summary>All that doctor has to say of the root as it is now, whatever asks it; in an order of its own, as a whole root is examined by several threads.</summary>
    public IReadOnlyList<string> Examine()
    {
        (string, string)[] variables = [("LANG", "en_US.UTF-8"), ("HOME", "/root")];
        List<Finding> findings = [];
        foreach (string[] arguments in (string[][])[["python3.9", "/script.py"], ["/usr/bin/python3.9", "-m", "pkg"]])
            findings.AddRange(Decant.Doctor.Examination.Examine(root.Command(variables, arguments), ScratchRoot.Host));
        ExaminedCommand whole = root.Command(variables, ["python3.9"]);
        findings.AddRange(RootExamination.Of(whole, ScratchRoot.Host).Findings);
        findings.AddRange(Explanation.Of(whole, ScratchRoot.Host, "No module named 'pkg.gone'\nTriton only support\nx: undefined symbol: part\nlibpart.so.1: cannot open shared object file"));
        List<string> said = [.. StackInventory.Of(whole.Root).Select(stack => $"{stack}"), .. CudaToolkit.Find(whole.Root).Select(toolkit => $"{toolkit}")];
        said.AddRange(findings.Select(finding => $"{finding.Severity} {finding.Id}: {finding.Cause}; {finding.Message}; {string.Join(", ", finding.Evidence)}; {finding.Fix}"));
        said.Sort(StringComparer.Ordinal);
        return said;
    }

    void Keep(string path, string text) => Keep(path, Encoding.Latin1.GetBytes(text));

    void Keep(string path, byte[] content)
    {
        root.File(path, "");
        healthy.Add(path, content);
        Restore(path);
    }

    void Compile(string path, string source, params string[] options)
    {
        root.File("/source.c", source).File(path, "", executable: true);
        using Process compiler = Process.Start("gcc", ["-w", "-nostdlib", "-Wl,--no-as-needed", "-o", root.At(path), root.At("/source.c"), .. options]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        File.Delete(root.At("/source.c"));
    }

    /// <summary>Of the root's libraries where they lie on this machine.</summary>
    byte[] Cache()
    {
        root.File("/etc/ld.so.conf", root.At("/usr/lib") + "\n");
        using Process ldconfig = Process.Start("/sbin/ldconfig", ["-X", "-f", root.At("/etc/ld.so.conf"), "-C", root.At("/made")]);
        ldconfig.WaitForExit();
        Assert.Equal(0, ldconfig.ExitCode);
        byte[] made = File.ReadAllBytes(root.At("/made"));
        File.Delete(root.At("/made"));
        return made;
    }
}
