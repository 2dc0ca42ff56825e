using System.Globalization;
using System.Text;

namespace Decant.Doctor.Tests;

/// <summary>What is called no Python, held against compile() of each interpreter of this machine.</summary>
public sealed class PythonSyntaxTests : IDisposable
{
    /// <summary>Says of each file that is named on standard input whether it compiles.</summary>
    const string Compile = """
        import sys, warnings
        warnings.simplefilter('ignore')
        for line in open(sys.argv[1]):
            name = line.rstrip('\n')
            try:
                with open(name, 'rb') as f: compile(f.read(), name, 'exec', dont_inherit=True)
                print('ok')
            except (SyntaxError, ValueError) as e: print(type(e).__name__, e)
            except (RecursionError, MemoryError): print('unknown')
        """;

    const string List = """
        import sys, os
        for top in dict.fromkeys([os.path.dirname(os.__file__)] + sys.path[1:] + sys.argv[1:]):
            for at, dirs, files in os.walk(top):
                dirs.sort()
                for f in sorted(files):
                    if f.endswith('.py'): print(os.path.join(at, f))
        """;

    /// <summary>Where more of them lie.</summary>
    static readonly string[] more = (Environment.GetEnvironmentVariable("DECANT_TEST_SOURCES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    static readonly int Every = int.Parse(Environment.GetEnvironmentVariable("DECANT_TEST_EVERY_SOURCE") ?? "40", CultureInfo.InvariantCulture);

    readonly string work = Directory.CreateTempSubdirectory("decant-pysyntax-").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Theory]
    [InlineData("x = 'abc\n")]
    [InlineData("x = '''abc\n")]
    [InlineData("x = (1,\n")]
    [InlineData("x = (1]\n")]
    [InlineData("x = 1)\n")]
    [InlineData("def f(:\n  pass\n")]
    [InlineData("def f()\n  pass\n")]
    [InlineData("def (x):\n  pass\n")]
    [InlineData("class A\n  pass\n")]
    [InlineData("if True\n  pass\n")]
    [InlineData("if True:\npass\n")]
    [InlineData("if True:\n")]
    [InlineData("if :\n  pass\n")]
    [InlineData("while x = 1 2:\n  pass\n")]
    [InlineData("for x in y\n  pass\n")]
    [InlineData("try\n  pass\n")]
    [InlineData("try:\n  pass\nx = 1\n")]
    [InlineData("try:\n  pass\n")]
    [InlineData("def f():\n  try:\n    pass\n")]
    [InlineData("else:\n  pass\n")]
    [InlineData("if x:\n  pass\nelse\n  pass\n")]
    [InlineData("if x:\n  pass\nelse if y:\n  pass\n")]
    [InlineData("if x:\n  pass\nx = 1\nelse:\n  pass\n")]
    [InlineData("x = 1\n  y = 2\n")]
    [InlineData("if x:\n    y = 1\n  z = 2\n")]
    [InlineData("if x:\n        y = 1\n\tz = 2\n")]
    [InlineData("import\n")]
    [InlineData("from x import\n")]
    [InlineData("import x;import\n")]
    [InlineData("x =\n")]
    [InlineData("x = 1 +\n")]
    [InlineData("x = (1 + )\n")]
    [InlineData("x = f(,)\n")]
    [InlineData("foo bar\n")]
    [InlineData("x = 1 y\n")]
    [InlineData("print 'x'\n")]
    [InlineData("print x\n")]
    [InlineData("x = y $ z\n")]
    [InlineData("x = `y`\n")]
    [InlineData("x = a ! b\n")]
    [InlineData("x = 1 \\ \n")]
    [InlineData("x = 1\0\n")]
    [InlineData("x = [1 2]\n")]
    [InlineData("x = {'a': 1 'b': 2}\n")]
    public void What_no_Python_takes_is_told(string source)
    {
        Assert.NotNull(PythonImports.Read(Encoding.UTF8.GetBytes(source)).Fault);
        foreach (string python in HostPython.All)
            Assert.NotEqual("ok", Assert.Single(Verdicts(python, [Encoding.UTF8.GetBytes(source)])));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_unless_another_encoding_is_declared()
    {
        byte[] wrong = [.. "x = '"u8, 0xE9, .. "'\n"u8];
        byte[][] right = [[.. "# -*- coding: latin-1 -*-\n"u8, .. wrong], [.. "#!/bin/x\n# vim: set fileencoding=ISO-8859-15 :\n"u8, .. wrong], [.. "\uFEFFx = 'é'\n"u8]];
        Assert.Equal(1, PythonImports.Read(wrong).Fault!.Line);
        Assert.All(right, source => Assert.Null(PythonImports.Read(source).Fault));
        Assert.Equal(3, PythonImports.Read([.. "x\n# coding: latin-1\n"u8, .. wrong]).Fault!.Line);
        foreach (string python in HostPython.All)
        {
            Assert.NotEqual("ok", Assert.Single(Verdicts(python, [wrong])));
            Assert.All(Verdicts(python, right), verdict => Assert.Equal("ok", verdict));
        }
    }

    [Theory]
    [InlineData("match x:\n  case 1: type = 2\n  case [1, *_]:\n    pass\n")]
    [InlineData("match = type = case = 1\nmatch = [1]\nmatch[0]\n")]
    [InlineData("x = lambda a=1, *b, c: a if b else c\nif lambda: x: pass\nelif x: pass\nelse: pass\n")]
    [InlineData("try: pass\nexcept A: pass\nexcept (B, C) as e: pass\nelse: pass\nfinally: pass\n")]
    [InlineData("for x in y:\n  if x: break\nelse:\n  pass\nwhile x: pass\nelse: pass\n")]
    [InlineData("if x:\n\ty = 1\n\tz = 2\n")]
    [InlineData("x = (1,\n2)\n# end\n\n  # deep\ny = '''\n  z'''\n")]
    [InlineData("def f(a, /, b, *, c: int = 1, **d) -> int: return a; x = 1\n")]
    [InlineData("print(x) ; print\nfrom x import *; from . import (a, b,)\n")]
    [InlineData("x = 1 .real if 0 else .5\ny = a[1:2, ::3]\nz: int\nw = x if y else\\\n z\n")]
    [InlineData("@a.b(c)\nasync def f():\n  async with x as y, z: await y\n  async for x in y: pass\n")]
    [InlineData("x = f'{y!r:>{w}} {z:%H:%M} {{}} {a[\"b\"]}'\nx = rb'\\\\' b'x'\n")]
    public void What_runs_is_not_called_broken(string source)
    {
        Assert.Null(PythonImports.Read(Encoding.UTF8.GetBytes(source)).Fault);
        // The newest of them: match is from 3.10 on.
        Assert.Contains(HostPython.All, python => Verdicts(python, [Encoding.UTF8.GetBytes(source)])[0] == "ok");
    }

    [Fact]
    public void No_source_of_this_machine_is_called_broken_that_compiles()
    {
        int sources = 0;
        foreach (string python in HostPython.All)
        {
            string[] files = [.. HostPython.Run(HostPython.Command("/", HostPython.Environment(), [python, "-c", List, .. more])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, i) => i % Every == 0)];
            byte[][] texts = [.. files.Select(File.ReadAllBytes)];
            Compare(python, texts, i => files[i], out _);
            sources += files.Length;
        }

        TestContext.Current.SendDiagnosticMessage($"{sources} sources");
    }

    [Fact]
    public void No_source_that_was_changed_at_random_is_called_broken_and_compiles()
    {
        int mutants = 0;
        int broken = 0;
        int told = 0;
        foreach (string python in HostPython.All)
        {
            string[] files = [.. HostPython.Run(HostPython.Command("/", HostPython.Environment(), [python, "-c", List, .. more])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((file, i) => i % (Every * 2) == 7 && new FileInfo(file).Length < 20_000)];
            Random random = new(python.Length);
            byte[][] texts = [.. files.SelectMany(file => Enumerable.Range(0, 4).Select(_ => Mutate(File.ReadAllBytes(file), random)))];
            (int failed, int found) = Compare(python, texts, i => $"{files[i / 4]}, mutant {i}", out string[] verdicts);
            mutants += verdicts.Length;
            broken += failed;
            told += found;
        }

        TestContext.Current.SendDiagnosticMessage($"{mutants} mutants, {broken} do not compile, {told} of them told");
        Assert.True(told * 2 > broken, $"only {told} of {broken}");
    }

    (int Broken, int Told) Compare(string python, byte[][] texts, Func<int, string> name, out string[] verdicts)
    {
        verdicts = Verdicts(python, texts);
        int broken = 0;
        int told = 0;
        List<string> wrong = [];
        for (int i = 0; i < texts.Length; i++)
        {
            PythonFault? fault = PythonImports.Read(texts[i]).Fault;
            broken += verdicts[i] == "ok" ? 0 : 1;
            told += fault is not null ? 1 : 0;
            if (fault is not null && verdicts[i] is "ok" or "unknown")
            {
                if (Environment.GetEnvironmentVariable("DECANT_TEST_KEEP") is { Length: > 0 } kept)
                    File.WriteAllBytes($"{kept}/wrong{wrong.Count}.py", texts[i]);
                wrong.Add($"{name(i)}:{fault.Line}: {fault.What}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} for {python}:\n{string.Join('\n', wrong.Take(20))}");
        return (broken, told);
    }

    string[] Verdicts(string python, byte[][] texts)
    {
        string[] names = new string[texts.Length];
        for (int i = 0; i < texts.Length; i++)
            File.WriteAllBytes(names[i] = $"{work}/{i}.py", texts[i]);
        File.WriteAllLines(work + "/list", names);
        return HostPython.Run(HostPython.Command("/", HostPython.Environment(), python, "-c", Compile, work + "/list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    static readonly string[] Pieces = ["(", ")", "[", "]", "{", "}", "'", "\"", "'''", ":", ",", "=", "+", " ", "\n", "\t", "    ", "#", "\\", "@", "!", "x", "1", ".", ";", "lambda", "if", "else", "def ", "import", "*", "->", "f'", "{x}", "\0", "é"];

    static byte[] Mutate(byte[] source, Random random)
    {
        if (source.Length == 0)
            return [(byte)'('];
        int at = random.Next(source.Length);
        int length = Math.Min(random.Next(1, 6), source.Length - at);
        byte[] piece = Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
        return random.Next(6) switch
        {
            0 => [.. source[..at], .. piece, .. source[at..]],
            1 => [.. source[..at], .. source[(at + length)..]],
            2 => [.. source[..at], .. piece, .. source[(at + 1)..]],
            3 => source[..at],
            4 => WithoutLine(source, at),
            _ => [.. source[..at], .. source[at..(at + length)], .. source[at..]],
        };
    }

    static byte[] WithoutLine(byte[] source, int at)
    {
        int start = source.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        int end = source.AsSpan(at).IndexOf((byte)'\n');
        return end < 0 ? source[..start] : [.. source[..start], .. source[(at + end + 1)..]];
    }
}
