namespace Decant.Doctor.Tests;

/// <summary>Each prediction is held against what the interpreter says when it is run.</summary>
public sealed class PythonCheckTests : IDisposable
{
    readonly string work = HostPython.Root.View.Resolve(Directory.CreateTempSubdirectory("decant-pycheck-").FullName).Path;

    public void Dispose() => Directory.Delete(work, recursive: true);

    static string Python => HostPython.All[0];

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{work}/{name}")!);
        File.WriteAllText($"{work}/{name}", text);
    }

    ExaminedCommand Command(params string[] arguments) => HostPython.Command(work, HostPython.Environment(), arguments);

    /// <summary>The only error that is predicted is what happens.</summary>
    static Finding AssertFails(ExaminedCommand command, string id)
    {
        Finding finding = Assert.Single(HostPython.Examine(command), finding => finding.Severity == FindingSeverity.Error);
        (int exit, _, string errors) = HostPython.Run(command);
        Assert.NotEqual(0, exit);
        Assert.Contains(finding.Message!, errors);
        Assert.Equal(id, finding.Id);
        return finding;
    }

    static void AssertRuns(ExaminedCommand command)
    {
        Assert.DoesNotContain(HostPython.Examine(command), finding => finding.Severity == FindingSeverity.Error);
        (int exit, _, string errors) = HostPython.Run(command);
        Assert.True(exit == 0, errors);
    }

    [Theory]
    [InlineData("import no_such_module")]
    [InlineData("import json, no_such_module.sub")]
    [InlineData("from no_such_module import x")]
    [InlineData("import json.no_such_module")]
    [InlineData("import bisect.sub")]
    [InlineData("from email.no_such import x")]
    [InlineData("from . import x")]
    [InlineData("from .x import y")]
    [InlineData("class X:\n  import no_such_module")]
    [InlineData("try:\n  import no_such_module\nexcept ImportError as e:\n  raise RuntimeError('x') from e")]
    [InlineData("if __name__ == '__main__':\n  import no_such_module")]
    [InlineData("import warnings\nwarnings.filterwarnings('ignore')\nimport no_such_module")]
    public void A_missing_module_is_told_in_Python_s_words(string source)
    {
        Write("script.py", source);
        AssertFails(Command(Python, "script.py"), source.Contains("from .", StringComparison.Ordinal) ? "python-relative-import" : "python-module-missing");
        Write("__init__.py", "");
        if (!source.Contains("from .", StringComparison.Ordinal))
            AssertFails(Command(Python, "-c", source), "python-module-missing");
    }

    [Theory]
    [InlineData("try:\n  import no_such_module\nexcept ImportError:\n  pass")]
    [InlineData("def f():\n  import no_such_module")]
    [InlineData("import typing\nif typing.TYPE_CHECKING:\n  import no_such_module")]
    [InlineData("import sys\nif sys.platform == 'win32':\n  import winreg")]
    [InlineData("from contextlib import suppress\nwith suppress(ImportError):\n  import no_such_module")]
    [InlineData("import os.path, collections.abc, xml.etree.ElementTree, concurrent.futures, importlib.metadata, encodings.idna")]
    [InlineData("import sys\nsys.path.insert(0, 'later')\nimport in_later")]
    [InlineData("import sys\ndef f():\n  sys.path.append('later')\nf()\nimport in_later")]
    [InlineData("import sys, json\nsys.modules['other_name'] = json\nimport other_name.decoder" + "\n")]
    [InlineData("import sys\nsys.exit(0)\nimport no_such_module")]
    [InlineData("from sys import path as p\np[:0] = ['later']\nimport in_later")]
    [InlineData("import sys\ns = sys\ns.path.append('later')\nimport in_later")]
    [InlineData("import sys\nsetattr(sys, 'path', sys.path + ['later'])\nimport in_later")]
    [InlineData("from sys import exit as bye\nbye(0)\nimport no_such_module")]
    [InlineData("def main():\n  quit()\nmain()\nimport no_such_module")]
    [InlineData("open('generated_mod.py', 'w').close()\nimport generated_mod")]
    public void What_runs_is_not_called_broken(string source)
    {
        if (source.Contains("other_name", StringComparison.Ordinal))
            source += "import sys\n";
        Write("later/in_later.py", "");
        Write("script.py", source.Replace("import other_name.decoder", "import other_name", StringComparison.Ordinal));
        AssertRuns(Command(Python, "script.py"));
    }

    [Fact]
    public void Where_too_much_is_imported_what_was_not_followed_is_told()
    {
        for (int i = 0; i < 3000; i++)
            Write($"many_{i}.py", "");
        Write("all_of_them.py", string.Concat(Enumerable.Range(0, 3000).Select(i => $"import many_{i}\n")));
        Write("script.py", "import all_of_them\nimport no_such_module\n");
        Finding finding = Assert.Single(HostPython.Examine(Command(Python, "script.py")));
        Assert.Equal(("not-examined", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("no_such_module", Assert.Single(finding.Evidence));
    }

    [Fact]
    public void What_a_module_does_only_as_a_program_changes_no_path_where_it_is_imported()
    {
        Write("tool.py", "import sys\nif __name__ == '__main__':\n  if True:\n    sys.path.append('later')\n  import in_later\n");
        Write("later/in_later.py", "");
        Write("script.py", "import tool\nimport in_later\n");
        AssertFails(Command(Python, "script.py"), "python-module-missing");
        AssertRuns(Command(Python, "tool.py"));
    }

    [Fact]
    public void Imports_are_followed_through_packages()
    {
        Write("app/__init__.py", "");
        Write("app/one.py", "from .two import x\n");
        Write("app/two/__init__.py", "from . import three\nfrom ..four import y\nx = 1\n");
        Write("app/two/three.py", "\nimport no_such_module\n");
        Write("app/four.py", "y = 1\n");
        Write("script.py", "import app.one\n");
        Finding finding = AssertFails(Command(Python, "script.py"), "python-module-missing");
        Assert.Contains($"{work}/app/two/three.py:2 imports no_such_module", finding.Evidence);
        Assert.Contains($"{work}/script.py:1 imports app.one", finding.Evidence);
    }

    [Fact]
    public void A_name_that_an_empty_package_has_not_is_missing()
    {
        Write("app/__init__.py", "'''Only words.'''\n");
        Write("script.py", "from app import nothing\n");
        AssertFails(Command(Python, "script.py"), "python-name-missing");
        Write("app/__init__.py", "def __getattr__(name): return 1\n");
        AssertRuns(Command(Python, "script.py"));
    }

    [Theory]
    [InlineData("-m", "no_such_module")]
    [InlineData("-m", "no_such_module.sub")]
    [InlineData("-m", "json.no_such")]
    [InlineData("-m", "app")]
    [InlineData("-m", "app.broken")]
    [InlineData("app", "")]
    [InlineData("no_such_script.py", "")]
    public void A_module_that_cannot_be_run_is_told(string option, string module)
    {
        Write("app/__init__.py", "");
        Write("app/broken.py", "from . import sound\nimport no_such_module\n");
        Write("app/sound.py", "");
        string id = option == "-m" ? "python-module-missing" : "python-script-missing";
        AssertFails(Command([Python, option, .. module.Length == 0 ? (string[])[] : [module]]), id);
    }

    [Fact]
    public void Modules_and_directories_that_run_are_sound()
    {
        Write("app/__init__.py", "");
        Write("app/__main__.py", "from . import sound\nfrom app.sound import x\n");
        Write("app/sound.py", "x = 1\n");
        AssertRuns(Command(Python, "-m", "app"));
        AssertRuns(Command(Python, "-m", "app.sound"));
        Write("zipped/__main__.py", "import sound\n");
        Write("zipped/sound.py", "");
        AssertRuns(Command(Python, "zipped"));
        System.IO.Compression.ZipFile.CreateFromDirectory(work + "/zipped", work + "/app.pyz");
        AssertRuns(Command(Python, "app.pyz"));
        AssertRuns(HostPython.Command("/", HostPython.Environment(("PYTHONPATH", work + "/app.pyz")), Python, "-c", "import sound"));
    }

    [Fact]
    public void A_module_beside_the_path_is_prescribed()
    {
        Write("src/mine/__init__.py", "from . import part\n");
        Write("src/mine/part.py", "");
        Write("script.py", "import mine\n");
        ExaminedCommand command = Command(Python, "script.py");
        Finding finding = AssertFails(command, "python-module-missing");
        Assert.Contains($"mine is in {work}/src", finding.Evidence);
        Prescription prescription = Prescribe(command);
        Assert.Equal($"PYTHONPATH={work}/src", Assert.Single(prescription.Changes.Select(change => $"{change.Name}={change.Value}")));
        AssertRuns(command.With(prescription.Changes));
    }

    [Fact]
    public void A_file_that_hides_a_module_is_told()
    {
        Write("bisect.py", "def other(): pass\n");
        Write("script.py", "from bisect import bisect_left\n");
        ExaminedCommand command = Command(Python, "script.py");
        AssertFails(command, "python-module-shadowed");
        Assert.Equal("PYTHONSAFEPATH", Assert.Single(Prescribe(command).Changes).Name);
        AssertRuns(command.With(Prescribe(command).Changes));

        Write("script.py", "import bisect\n");
        Assert.Equal(["python-module-shadowed"], HostPython.Examine(command).Select(finding => finding.Id));
        AssertRuns(Command(Python, "script.py"));
        Write("script.py", "import json, os, codecs\n");
        Write("os.py", "");
        Assert.Empty(HostPython.Examine(Command(Python, "script.py")));
        Write("json.py", "");
        Write("script.py", "import json.decoder\n");
        AssertFails(Command(Python, "script.py"), "python-module-shadowed");
    }

    [Fact]
    public void A_PYTHONPATH_that_hides_modules_is_taken_away()
    {
        Write("old/enum.py", "x = 1\n");
        Write("old/bisect.py", "x = 1\n");
        ExaminedCommand command = HostPython.Command("/", HostPython.Environment(("PYTHONPATH", $"/usr:{work}/old")), Python, "-c", "from bisect import bisect_left");
        AssertFails(HostPython.Command("/", command.Environment, Python, "-S", "-c", "from bisect import bisect_left"), "python-module-shadowed");
        Assert.Equal("/usr", Assert.Single(Prescribe(command).Changes).Value);
    }

    [Fact]
    public void An_extension_module_for_another_version_is_no_module()
    {
        Write("pkg/__init__.py", "from ._core import x\n");
        Write("pkg/_core.cpython-35m-x86_64-linux-gnu.so", "");
        Finding finding = AssertFails(Command(Python, "-c", "import pkg"), "python-module-for-other-version");
        Assert.Contains("pkg/_core.cpython-35m-x86_64-linux-gnu.so", finding.Cause);
        Write("pkg/__init__.py", "from . import _core\n");
        AssertFails(Command(Python, "-c", "import pkg"), "python-module-for-other-version");
        Write("pkg/__init__.py", "try:\n  from . import _core\nexcept ImportError:\n  pass\n");
        AssertRuns(Command(Python, "-c", "import pkg"));
    }

    [Fact]
    public void An_extension_module_for_another_version_is_told_through_all_that_numpy_wraps_around_it()
    {
        Write("pkg/__init__.py", "try:\n  __PKG_SETUP__\nexcept NameError:\n  __PKG_SETUP__ = False\n\nif __PKG_SETUP__:\n  import no_such_module\nelse:\n  from . import core\n");
        Write("pkg/core/__init__.py", "import os\nadded = []\ntry:\n  from . import multiarray\nexcept ImportError as e:\n  import sys\n  raise ImportError('IMPORTANT: ' + str(e))\nfinally:\n  for name in added:\n    del os.environ[name]\nimport sys\nwhere = sys.modules['pkg'].__path__\n");
        Write("pkg/core/multiarray.py", "from pkg.core._multiarray_umath import add\n");
        Write("pkg/core/_multiarray_umath.cpython-35m-x86_64-linux-gnu.so", "");
        Finding finding = AssertFails(Command(Python, "-c", "import pkg"), "python-module-for-other-version");
        Assert.Contains("_multiarray_umath.cpython-35m-x86_64-linux-gnu.so", finding.Cause);
        Write("script.py", "try:\n  import pkg\nexcept ImportError:\n  pkg = None\n");
        AssertRuns(Command(Python, "script.py"));
    }

    [Theory]
    [InlineData("import pkg.gone", "pkg 1.2 has no module pkg.gone: install the release of it that")]
    [InlineData("import json.gone", " has no module json.gone: use the Python that")]
    [InlineData("import other.gone", "the other in ")]
    [InlineData("import gone", " -m pip install gone")]
    public void Of_a_package_that_is_there_another_release_is_wanted_and_not_the_package(string source, string words)
    {
        Write("pkg/__init__.py", "");
        Write("Pkg-1.2.dist-info/METADATA", "");
        Write("other/__init__.py", "");
        Write("script.py", source + "\n");
        Assert.Contains(words, AssertFails(Command(Python, "script.py"), "python-module-missing").Fix);
    }

    [Fact]
    public void A_wrong_PYTHONHOME_is_told()
    {
        ExaminedCommand command = HostPython.Command("/", HostPython.Environment(("PYTHONHOME", work)), Python, "-c", "pass");
        AssertFails(command, "python-home-wrong");
        Assert.Null(Assert.Single(Prescribe(command).Changes).Value);
        AssertRuns(HostPython.Command("/", command.Environment, Python, "-E", "-c", "pass"));
    }

    /// <summary>An extension module of C, linked with a library that is then hidden or changed.</summary>
    [Theory]
    [InlineData("missing", "library-missing")]
    [InlineData("symbol", "symbol-missing")]
    [InlineData("sound", "")]
    public void An_extension_module_is_loaded_as_Python_loads_it(string fault, string id)
    {
        Assert.SkipUnless(HostProgram.Find("gcc") is not null, "there is no compiler");
        Write("dep.c", "int dep_one(void) { return 1; } int dep_two(void) { return 2; }");
        Write("less.c", "int dep_one(void) { return 1; }");
        // No header of Python is needed: a module may also be any other object.
        Write("ext.c", "extern int dep_two(void); extern void *PyModule_Create2(void *, int); static long def[40] = { 1 }; static const char *name = \"ext\"; void *PyInit_ext(void) { def[5] = (long)name; def[7] = -1; return dep_two() == 2 ? PyModule_Create2(def, 1013) : 0; }");
        Compile("-shared -fPIC -o libdep.so -Wl,-soname,libdep.so dep.c");
        Compile("-shared -fPIC -o ext.so ext.c -L. -ldep");
        if (fault == "symbol")
            Compile("-shared -fPIC -o libdep.so -Wl,-soname,libdep.so less.c");
        if (fault == "missing")
            File.Move(work + "/libdep.so", work + "/libhidden.so");
        ExaminedCommand command = HostPython.Command(work, HostPython.Environment(("LD_LIBRARY_PATH", work)), Python, "-c", "import ext");
        if (id.Length == 0)
            AssertRuns(command);
        else
            AssertFails(command, id);
        Write("__init__.py", "");
        Write("script.py", "try:\n  import ext\nexcept ImportError:\n  pass\n");
        AssertRuns(HostPython.Command(work, command.Environment, Python, "script.py"));
    }

    void Compile(string arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("gcc", arguments) { WorkingDirectory = work })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("decant_there.pth", "import __editable___mine_finder; __editable___mine_finder.install()")]
    [InlineData("decant_there.pth", "import sys; sys.modules['mine'] = sys")]
    public void Editable_installs_are_let_pass(string name, string line)
    {
        Write($"site/{name}", line + "\n");
        Write("site/__editable___mine_finder.py", "import sys\nMAPPING = {'mine': '/somewhere'}\ndef install(): sys.modules['mine'] = sys\n");
        string version = PythonInterpreter.Of(HostPython.Load(Command(Python)))!.Name;
        Directory.CreateDirectory($"{work}/base/lib/{version}");
        Directory.CreateSymbolicLink($"{work}/base/lib/{version}/site-packages", $"{work}/site");
        AssertRuns(HostPython.Command("/", HostPython.Environment(("PYTHONUSERBASE", work + "/base")), Python, "-c", "import mine"));
    }

    [Fact]
    public void Another_interpreter_that_has_the_module_is_prescribed()
    {
        Assert.SkipUnless(Python.StartsWith("/usr/", StringComparison.Ordinal), "Python is not in /usr");
        string version = PythonInterpreter.Of(HostPython.Load(Command(Python)))!.Name;
        // An image whose system is the host's.
        Write("root/opt/venv/pyvenv.cfg", $"home = {Path.GetDirectoryName(Python)}\n");
        Write($"root/opt/venv/lib/{version}/site-packages/only_there/__init__.py", "");
        Directory.CreateDirectory(work + "/root/opt/venv/bin");
        File.CreateSymbolicLink(work + "/root/opt/venv/bin/python3", Python);
        Decant.Images.RootView view = new([work + "/root"]);
        foreach (string directory in Directory.GetDirectories("/").Where(directory => directory is "/usr" or "/etc" || directory.StartsWith("/lib", StringComparison.Ordinal)))
            view.Bind(directory, directory);
        RootIndex root = new(view, [work + "/root"]);
        ExaminedCommand command = new(root, HostPython.Environment(("PATH", "/usr/bin")), "/", ["python3", "-c", "import only_there"]);
        Assert.Equal(["python-module-missing"], HostPython.Examine(command).Select(finding => finding.Id));
        EnvironmentChange change = Assert.Single(Prescribe(command).Changes);
        Assert.Equal(("PATH", "/opt/venv/bin:/usr/bin"), (change.Name, change.Value));
        ExaminedCommand byPath = new(root, HostPython.Environment(), "/", [Python, "-c", "import only_there"]);
        change = Assert.Single(Prescribe(byPath).Changes);
        Assert.Equal(("PYTHONPATH", $"/opt/venv/lib/{version}/site-packages"), (change.Name, change.Value));
    }

    static Prescription Prescribe(ExaminedCommand command)
    {
        Prescription? found = PrescriptionSearch.Find(command, HostPython.Examine(command), HostPython.Examine, out _);
        Assert.NotNull(found);
        return found;
    }
}
