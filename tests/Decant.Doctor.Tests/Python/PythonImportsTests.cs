using System.Text;

namespace Decant.Doctor.Tests;

public sealed class PythonImportsTests
{
    /// <summary>Every import of the files named on standard input, with its line, as ast has it; and the reach of those at the module's level.</summary>
    const string Ask = """
        import ast, sys, warnings
        warnings.simplefilter('ignore')
        def walk(nodes, top):
            for n in nodes:
                if isinstance(n, ast.Import):
                    for a in n.names: print(n.lineno, 0, a.name, '-', 'top' if top else 'inner')
                elif isinstance(n, ast.ImportFrom):
                    print(n.lineno, n.level, n.module or '', ','.join(a.name for a in n.names), 'top' if top else 'inner')
                elif isinstance(n, ast.ClassDef): walk(n.body, top)
                else:
                    for f in ('body', 'orelse', 'finalbody'):
                        v = getattr(n, f, None)
                        if isinstance(v, list): walk(v, top and isinstance(n, ast.Try) and f == 'finalbody')
                    for h in getattr(n, 'handlers', []): walk(h.body, False)
                    for c in getattr(n, 'cases', []): walk(c.body, False)
        for path in sys.argv[1:]:
            try: tree = ast.parse(open(path, 'rb').read())
            except (SyntaxError, ValueError): continue
            print('\x01' + path)
            walk(tree.body, True)
        """;

    static readonly int Every = int.Parse(Environment.GetEnvironmentVariable("DECANT_TEST_EVERY_FILE") ?? "9", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Imports_of_the_standard_library_are_those_that_Python_s_own_parser_finds()
    {
        int compared = 0;
        int imports = 0;
        foreach (string python in HostPython.All)
        {
            string library = PythonInterpreter.Of(HostPython.Load(HostPython.Command("/", HostPython.Environment(), python)))!.StandardLibrary;
            foreach (string[] some in Directory.EnumerateFiles(library, "*.py", SearchOption.AllDirectories).Where(file => IsCompared(file, python)).Order(StringComparer.Ordinal).Where((_, number) => number % Every == 0).Chunk(400))
            {
                string output = HostPython.Run(HostPython.Command("/", HostPython.Environment(), [python, "-I", "-c", Ask, .. some])).Output;
                foreach (string part in output.Split('\x01', StringSplitOptions.RemoveEmptyEntries))
                {
                    string[] lines = part.TrimEnd('\n').Split('\n');
                    PythonSource source = PythonImports.Read(File.ReadAllBytes(lines[0]));
                    string[] found = [.. source.Imports.Select(Show)];
                    string[] truth = [.. lines[1..].Select(line => line[..line.LastIndexOf(' ')])];
                    Assert.False(source.IsDamaged, lines[0]);
                    // Python's parser puts the handlers of a try behind its other parts.
                    Assert.True(truth.Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)), $"{lines[0]}\n{string.Join('\n', truth.Except(found))}\nbut\n{string.Join('\n', found.Except(truth))}");
                    string[] top = [.. lines[1..].Where(line => line.EndsWith(" top", StringComparison.Ordinal)).Select(line => line[..^4])];
                    // Behind the end of the program nothing is certain, and in a try it depends on the handlers.
                    Assert.Empty(source.Imports.Where(import => import.Reach == PythonReach.Sometimes).Select(Show).Intersect(top).Except(AfterRaise(source)));
                    compared++;
                    imports += found.Length;
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{compared} files, {imports} imports");
        Assert.True(compared > 100, $"{compared} files were compared");
    }

    /// <summary>Not what is installed beside the library, and of one interpreter only its own tests; of these every ninth: the whole takes minutes.</summary>
    static bool IsCompared(string file, string python) =>
        !file.Contains("-packages/", StringComparison.Ordinal) && (python == HostPython.All[^1] || !file.Contains("/test/", StringComparison.Ordinal));

    static IEnumerable<string> AfterRaise(PythonSource source) =>
        source.ContainsAny("\nraise ", "sys.exit(", "platform") ? source.Imports.Select(Show) : [];

    static string Show(PythonImport import) =>
        $"{import.Line} {import.Level} {import.Module} {(import.Names is null ? "-" : string.Join(',', import.Names))}";

    [Theory]
    [InlineData("import a", "Always")]
    [InlineData("class X:\n  import a", "Always")]
    [InlineData("try:\n  import a\nexcept ImportError: pass", "Sometimes")]
    [InlineData("try:\n  import a\nexcept (KeyError, ModuleNotFoundError):\n  pass", "Sometimes")]
    [InlineData("try:\n  import a\nexcept:\n  pass", "Sometimes")]
    [InlineData("try:\n  import a\nexcept Exception as e:\n  x = e", "Sometimes")]
    [InlineData("try:\n  import a\nexcept mine.Error:\n  x = 1", "Sometimes")]
    [InlineData("try: import a\nexcept: pass", "Sometimes")]
    [InlineData("try:\n  import a\nexcept (KeyError, ValueError):\n  pass", "Always")]
    [InlineData("try:\n  import a\nfinally:\n  pass", "Always")]
    [InlineData("try:\n  pass\nfinally:\n  import a", "Always")]
    [InlineData("try:\n  pass\nexcept ImportError:\n  import a", "Sometimes")]
    [InlineData("try:\n  import a\nexcept ImportError as e:\n  raise RuntimeError('x') from e", "Always")]
    [InlineData("try:\n  import a\nexcept ImportError as e:\n  if x:\n    raise", "Sometimes")]
    [InlineData("try:\n  import a\nexcept KeyError:\n  pass\nexcept ImportError:\n  pass\nelse:\n  pass\nfinally:\n  pass", "Sometimes")]
    [InlineData("try:\n  try:\n    import a\n  except KeyError:\n    pass\nexcept ImportError:\n  pass", "Sometimes")]
    [InlineData("if TYPE_CHECKING:\n  import a", "Sometimes")]
    [InlineData("if sys.platform == 'win32': import a", "Sometimes")]
    [InlineData("if x:\n  pass\nelse:\n  import a", "Sometimes")]
    [InlineData("with suppress(ImportError):\n  import a", "Sometimes")]
    [InlineData("match x:\n  case 1:\n    import a", "Sometimes")]
    [InlineData("def f(x: int = {1: 2}[1]) -> int:\n  import a", "WhenCalled")]
    [InlineData("async def f():\n  import a", "WhenCalled")]
    [InlineData("class X:\n  def f(self): import a", "WhenCalled")]
    [InlineData("if __name__ == '__main__':\n  import a", "AsMain")]
    [InlineData("if __name__ == \"__main__\":\n  if x:\n    import a", "Sometimes")]
    [InlineData("raise SystemExit\nimport a", "Sometimes")]
    [InlineData("if sys.platform != 'win32':\n  raise ImportError\nimport a", "Sometimes")]
    [InlineData("if sys.version_info < (3, 8):\n  raise ImportError\nimport a", "Always")]
    [InlineData("assert os.name == 'nt'\nimport a", "Sometimes")]
    [InlineData("if f(lambda: 1): import a", "Sometimes")]
    [InlineData("if (x := 1): import a", "Sometimes")]
    [InlineData("match = 1; import a", "Always")]
    [InlineData("x = f'{d[\"k\"]:>{w}} {{ }}' ; import a", "Always")]
    [InlineData("x = f'\\N{DASH}{y}', rf'\\{{{y}', f'\\{y[\"'\"]}'; import a", "Always")]
    [InlineData("x = '''\nimport b\n'''\nimport a", "Always")]
    [InlineData("x = (1,\nimport_)\nif 1: \\\n  import a", "Sometimes")]
    [InlineData("\"\"\"\nif x:\n\"\"\"\n\fimport a", "Always")]
    [InlineData("if x:\n\tpass\n        # comment\n\nimport a", "Always")]
    [InlineData("\uFEFFimport a\r\n", "Always")]
    public void When_an_import_is_met_is_known(string source, string reach)
    {
        PythonSource read = PythonImports.Read(Encoding.UTF8.GetBytes(source));
        PythonImport import = Assert.Single(read.Imports, import => import.Module == "a");
        Assert.Single(read.Imports);
        Assert.Equal(reach, import.Reach.ToString());
        Assert.False(read.IsDamaged);
    }

    [Theory]
    [InlineData("from . import a", "1 1  a")]
    [InlineData("from ...x.y import (a as b,\n  c, # d\n  e,)", "1 3 x.y a,c,e")]
    [InlineData("from x import *", "1 0 x *")]
    [InlineData("pass; from x import a; pass", "1 0 x a")]
    [InlineData("\n\\\n\nfrom \\\nx import a", "4 0 x a")]
    [InlineData("from .\\\n.x import a", "1 2 x a")]
    public void What_an_import_names_is_known(string source, string shown) =>
        Assert.Equal(shown, Show(Assert.Single(PythonImports.Read(Encoding.UTF8.GetBytes(source)).Imports)));

    [Theory]
    [InlineData("x = 'open")]
    [InlineData("x = (")]
    [InlineData("x = )")]
    [InlineData("print 'two'")]
    [InlineData("import")]
    [InlineData("from x import a b ?")]
    [InlineData("  import a")]
    [InlineData("x = f'{'")]
    [InlineData("a\0b")]
    public void Damaged_source_is_known_for_such(string source) =>
        Assert.True(PythonImports.Read(Encoding.UTF8.GetBytes(source)).IsDamaged);

    [Theory]
    [InlineData("import sys\nsys.path.insert(0, 'x')", 2)]
    [InlineData("sys.path += ['x']", 1)]
    [InlineData("sys.path[:0] = ['x']", 1)]
    [InlineData("if x:\n  sys.path = []", 2)]
    [InlineData("for p in sys.path: print(p)", 0)]
    [InlineData("if sys.path == []: pass", 0)]
    [InlineData("def f():\n  sys.path.append(1)", 0)]
    public void A_changed_path_is_seen(string source, int line) =>
        Assert.Equal(line, PythonImports.Read(Encoding.UTF8.GetBytes(source)).ChangesPathAt);

    [Fact]
    public void Random_bytes_and_damaged_sources_come_to_an_end()
    {
        Random random = new(20261127);
        string[] pieces = ["import ", "from ", "f'{", "'''", "\"", "\\", "\n", "\r", "\t", "(", ")", "{", "}", ":", "try:", "except", "def f", " ", "a.b", "*", ";", "as", "\0", "é", "else:", "finally:", "class", "if", "lambda", "f\"{x:{", "rb'", "...", "#"];
        for (int round = 0; round < 20_000; round++)
        {
            StringBuilder text = new();
            for (int i = random.Next(40); i >= 0; i--)
                text.Append(pieces[random.Next(pieces.Length)]);
            PythonImports.Read(Encoding.UTF8.GetBytes(text.ToString()));
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            PythonImports.Read(bytes);
        }

        byte[] sound = File.ReadAllBytes(PythonInterpreter.Of(HostPython.Load(HostPython.Command("/", HostPython.Environment(), HostPython.All[0])))!.StandardLibrary + "/typing.py");
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = [.. sound[..random.Next(sound.Length)]];
            for (int i = 0; i < 5 && damaged.Length > 0; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            PythonImports.Read(damaged);
        }

        // Nested as deep as it can be.
        PythonImports.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("f'{", 100_000))));
        PythonImports.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("if x:", 100_000))));
        PythonImports.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3_000).Select(i => new string(' ', i) + "if x:\n"))));
    }
}
