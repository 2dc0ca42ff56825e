namespace Decant.Doctor.Tests;

/// <summary>Names that modules do not have, and texts that are no Python, each held against what the interpreter says when it is run.</summary>
public sealed class PythonTextTests : IDisposable
{
    readonly string work = HostPython.Root.View.Resolve(Directory.CreateTempSubdirectory("decant-pytext-").FullName).Path;

    public void Dispose() => Directory.Delete(work, recursive: true);

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{work}/{name}")!);
        File.WriteAllText($"{work}/{name}", text);
    }

    /// <summary>For each interpreter: what is predicted is what happens.</summary>
    void AssertAgrees(string? id, params string[] arguments)
    {
        foreach (string python in HostPython.All)
        {
            ExaminedCommand command = HostPython.Command(work, HostPython.Environment(), [python, .. arguments]);
            Finding? error = HostPython.Examine(command).SingleOrDefault(finding => finding.Severity == FindingSeverity.Error);
            Assert.Equal(id, error?.Id);
            (int exit, _, string errors) = HostPython.Run(command);
            Assert.True(id is null == (exit == 0), $"{python}: {errors}");
            Assert.Contains(error?.Message ?? "", errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("from os import nope")]
    [InlineData("from sys import nope_nope")]
    [InlineData("from json import nope, loads")]
    [InlineData("from bisect import nope_nope")]
    [InlineData("from _socket import nope_nope")]
    [InlineData("from xml.dom import nope")]
    public void A_name_that_the_standard_library_has_not_is_missing(string source) => AssertAgrees("python-name-missing", "-c", source);

    [Theory]
    [InlineData("A = 1\n")]
    [InlineData("def f(Bozo_B):\n  Bozo_B = 1\n  return Bozo_B\n")]
    [InlineData("class A:\n  Bozo_B = 1\n  def f(self): return self.C\n")]
    [InlineData("from bisect import *\n'''Bozo_B = 1'''\n# Bozo_B\n")]
    [InlineData("import logging\nlog = logging.getLogger(__name__)\nif __name__ == '__main__':\n  pass\n")]
    public void A_name_that_a_module_does_not_bind_is_missing(string module)
    {
        Write("c2.py", module);
        Write("script.py", "from c2 import Bozo_B\n");
        AssertAgrees("python-name-missing", "script.py");
    }

    [Theory]
    [InlineData("B = 1\n")]
    [InlineData("A, (B, C) = 1, (2, 3)\n")]
    [InlineData("B: int = 1\n")]
    [InlineData("for B in (1,): pass\n")]
    [InlineData("import os as B\n")]
    [InlineData("from os import path as B\n")]
    [InlineData("with open(__file__) as B: pass\n")]
    [InlineData("try:\n  import nope\nexcept ImportError:\n  B = 1\n")]
    [InlineData("if (B := 1): pass\n")]
    [InlineData("x = f'{(B:=1)}'\n")]
    [InlineData("def f():\n  global A, B\n  B = 1\nf()\n")]
    [InlineData("class A:\n  global B\n  B = 1\n")]
    [InlineData("def __getattr__(name): return 1\n")]
    [InlineData("globals()['B'] = 1\n")]
    [InlineData("exec('B = 1')\n")]
    [InlineData("import sys\nsetattr(sys.modules['c2'], 'B', 1)\n")]
    [InlineData("from c3 import *\n")]
    [InlineData("import c3\nc3.give(__name__)\n")]
    public void A_name_that_a_module_gets_is_not_called_missing(string module)
    {
        Write("c2.py", module);
        Write("c3.py", "import sys\nB = 1\ndef give(name): setattr(sys.modules[name], chr(66), 1)\n");
        Write("script.py", "from c2 import B\n");
        AssertAgrees(null, "script.py");
    }

    [Fact]
    public void A_name_that_another_module_gives_is_not_called_missing()
    {
        Write("c2.py", "A = 1\n");
        Write("script.py", "import c2\nc2.B = 1\nfrom c2 import B\n");
        AssertAgrees(null, "script.py");
    }

    [Theory]
    [InlineData("x = (1,\n")]
    [InlineData("def f(:\n  pass\n")]
    [InlineData("if x\n  pass\n")]
    [InlineData("if 1:\npass\n")]
    [InlineData("x = '''\n")]
    public void A_text_that_is_no_Python_is_told_wherever_it_stands(string source)
    {
        AssertAgrees("python-syntax", "-c", source);
        Write("c2.py", source);
        Write("script.py", "import c2\n");
        AssertAgrees("python-syntax", "script.py");
        AssertAgrees("python-syntax", "c2.py");
        AssertAgrees("python-syntax", "-m", "c2");
        Write("script.py", "try:\n  import c2\nexcept SyntaxError:\n  pass\n");
        AssertAgrees(null, "script.py");
    }

    [Fact]
    public void A_submodule_that_the_package_only_speaks_of_is_looked_into()
    {
        Write("pack/__init__.py", "def f():\n  from . import inner\n  return inner\n");
        Write("pack/inner.py", "import no_such_module\n");
        Write("script.py", "from pack import inner\n");
        AssertAgrees("python-module-missing", "script.py");
    }
}
