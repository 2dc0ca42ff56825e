namespace Decant.Doctor.Tests;

public sealed class PythonSystemPackagesTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    string? Install(string module, int minor) => PythonSystemPackages.Install(module, minor, root.Command("x").Root.Python);

    [Theory]
    [InlineData("tkinter.ttk", 11, "apt-get install python3-tk")]
    [InlineData("_tkinter", 12, "apt-get install python3.12-tk")]
    [InlineData("distutils.core", 11, "apt-get install python3-distutils")]
    [InlineData("ensurepip", 11, "apt-get install python3-venv")]
    [InlineData("_gdbm", 11, "apt-get install python3-gdbm")]
    [InlineData("lib2to3.main", 11, "apt-get install python3-lib2to3")]
    [InlineData("json", 11, "apt-get install python3, with all of the standard library: python3-minimal has only a part of it")]
    [InlineData("_sqlite3", 12, "apt-get install python3.12, with all of the standard library: python3.12-minimal has only a part of it")]
    [InlineData("zoneinfo", 9, "apt-get install python3.9, with all of the standard library: python3.9-minimal has only a part of it")]
    [InlineData("zoneinfo", 8, null)]
    [InlineData("dataclasses", 6, null)]
    [InlineData("tomllib", 10, null)]
    [InlineData("numpy", 11, null)]
    [InlineData("jsonschema", 11, null)]
    public void The_package_of_Debian_that_brings_a_part_is_known(string module, int minor, string? command)
    {
        root.File("/usr/lib/os-release", "NAME=x\nID=ubuntu\nID_LIKE=debian\n").Link("/etc/os-release", "../usr/lib/os-release").File("/usr/bin/python3.11", "").Link("/usr/bin/python3", "python3.11");
        Assert.Equal(command, Install(module, minor));
    }

    [Theory]
    [InlineData("ID=debian", true)]
    [InlineData("ID=\"linuxmint\"\nID_LIKE=\"ubuntu debian\"", true)]
    [InlineData("ID='debian'\r", true)]
    [InlineData("ID=fedora", false)]
    [InlineData("PRETTY_NAME=\"ID=debian\"", false)]
    [InlineData("", false)]
    [InlineData("=\nID\nID_LIKE=", false)]
    public void Another_system_has_other_packages(string text, bool isDebian)
    {
        root.File("/etc/os-release", text);
        Assert.Equal(isDebian, Install("tkinter", 11) is not null);
    }

    [Fact]
    public void Every_module_that_is_called_standard_is_one_of_this_machines_Pythons()
    {
        // Where there is none to ask, nothing is known.
        Assert.SkipUnless(HostPython.All.Count > 0, "there is no Python");
        foreach (string python in HostPython.All)
        {
            string names = DemoProcess.Run(python, ["-I", "-S", "-c", "import sys; print(*getattr(sys, 'stdlib_module_names', ()))"], null, new Dictionary<string, string?>()).Output;
            if (names.Trim().Length > 0)
                Assert.Empty(PythonSystemPackages.StandardModules.Except(names.Split(' ', StringSplitOptions.TrimEntries)));
        }
    }

    [Fact]
    public void An_answer_to_an_error_text_names_the_package()
    {
        root.File("/etc/os-release", "ID=debian\n").File("/usr/bin/python3.11", "").Link("/usr/bin/python3", "python3.11");
        Assert.Equal("apt-get install python3-tk", Assert.Single(Explanation.Of(root.Command("x"), ScratchRoot.Host, "ModuleNotFoundError: No module named 'tkinter'")).Fix);
        Assert.Equal("python3 -m pip install setuptools", Assert.Single(Explanation.Of(root.Command("x"), ScratchRoot.Host, "ModuleNotFoundError: No module named 'pkg_resources'")).Fix);
        Assert.Equal("apt-get install python3-dev", Assert.Single(Explanation.Of(root.Command("x"), ScratchRoot.Host, "ext.c:1:10: fatal error: Python.h: No such file or directory")).Fix);
        File.Delete(root.At("/usr/bin/python3"));
        root.File("/usr/bin/python3.13", "").Link("/usr/bin/python3", "python3.13");
        Assert.Equal("python3 -m pip install setuptools", Assert.Single(Explanation.Of(root.Command("x"), ScratchRoot.Host, "ModuleNotFoundError: No module named 'distutils'")).Fix);
    }

    [Theory]
    [InlineData("zoneinfo", 8, "zoneinfo came with Python 3.9: use that or a newer one, or python3 -m pip install backports.zoneinfo, which is imported as backports.zoneinfo")]
    [InlineData("graphlib", 8, "graphlib came with Python 3.9: use that or a newer one, or python3 -m pip install graphlib-backport")]
    [InlineData("dataclasses", 6, "dataclasses came with Python 3.7: use that or a newer one, or python3 -m pip install dataclasses")]
    [InlineData("importlib.metadata", 7, "importlib.metadata came with Python 3.8: use that or a newer one, or python3 -m pip install importlib-metadata, which is imported as importlib_metadata")]
    [InlineData("tomllib", 10, "tomllib came with Python 3.11: use that or a newer one, or python3 -m pip install tomli, which is imported as tomli")]
    [InlineData("secrets", 5, "secrets came with Python 3.6: use that or a newer one")]
    public void Of_a_module_that_came_later_the_release_is_told(string module, int minor, string fix)
    {
        root.File("/etc/os-release", "ID=debian\n").File($"/usr/bin/python3.{minor}", "", executable: true).Link("/usr/bin/python3", $"python3.{minor}");
        Assert.Equal(fix, Explain(module));
    }

    [Fact]
    public void To_a_Python_that_is_not_the_systems_own_its_packages_bring_nothing()
    {
        root.File("/etc/os-release", "ID=debian\n").File("/usr/bin/python3.11", "", executable: true).Link("/usr/bin/python3", "python3.11");
        root.File("/usr/local/bin/python3.12", "", executable: true).Link("/usr/local/bin/python3", "python3.12").Link("/opt/venv/bin/python3", "/usr/bin/python3");
        Assert.Equal("python3 -m pip install tkinter", Explain("tkinter", ("PATH", "/usr/local/bin:/usr/bin")));
        Assert.Equal("apt-get install python3-tk", Explain("tkinter", ("PATH", "/opt/venv/bin:/usr/local/bin:/usr/bin")));
        Assert.Equal("python3 -m pip install tkinter", Explain("tkinter", ("PATH", "/nowhere")));
    }

    string? Explain(string module, params (string, string)[] variables) =>
        Assert.Single(Explanation.Of(root.Command(variables, ["x"]), ScratchRoot.Host, $"ModuleNotFoundError: No module named '{module}'")).Fix;

    /// <summary>Real interpreters of Debian without a part of their library: doctor names the package, and the interpreter fails as told.</summary>
    [Theory]
    [InlineData("tkinter", "tk")]
    [InlineData("tkinter.ttk", "tk")]
    [InlineData("_gdbm", "gdbm")]
    public void An_interpreter_of_Debian_without_the_part_fails_as_told(string module, string package)
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python) && PythonSystemPackages.IsDebian(HostPython.Root.Python), "this machine is no Debian");
        ExaminedCommand command = HostPython.Command("/", HostPython.Environment(), python, "-c", $"import {module}");
        (int exit, _, string errors) = HostPython.Run(command);
        Assert.SkipUnless(exit != 0, "this machine's Python has it");
        Finding finding = Assert.Single(HostPython.Examine(command));
        Assert.Contains(finding.Message!, errors);
        Assert.Equal($"apt-get install python3-{package}", finding.Fix);
    }
}
