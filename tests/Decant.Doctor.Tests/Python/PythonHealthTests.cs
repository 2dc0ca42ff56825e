using System.Diagnostics;

namespace Decant.Doctor.Tests;

public sealed class PythonHealthTests
{
    /// <summary>Every module that is installed, each by itself.</summary>
    internal const string List = """
        import sys, pkgutil, os, warnings
        warnings.simplefilter('ignore')
        def walk(paths, prefix, depth):
            for m in pkgutil.iter_modules(paths, prefix):
                name = m.name.rpartition('.')[2]
                if not name.isidentifier() or name == '__main__': continue
                print(m.name)
                if m.ispkg and depth < 2 and name not in ('test', 'tests', 'idlelib'):
                    walk([os.path.join(p, name) for p in paths], m.name + '.', depth + 1)
        walk(sys.path[1:], '', 0)
        """;

    static readonly int Every = int.Parse(Environment.GetEnvironmentVariable("DECANT_TEST_EVERY_MODULE") ?? "64", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void No_module_of_this_machine_is_called_broken_that_Python_can_import()
    {
        int examined = 0;
        int broken = 0;
        Stopwatch time = new();
        List<string> wrong = [];
        foreach (string python in HostPython.All)
        {
            RootIndex root = HostPython.Root;
            int at = 0;
            foreach (string module in HostPython.Run(HostPython.Command("/", HostPython.Environment(), python, "-c", List)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // The whole takes minutes.
                if (at++ % Every != 0)
                    continue;
                ExaminedCommand command = new(root, HostPython.Environment(), "/", [python, "-c", $"import {module}"]);
                time.Start();
                Finding? error = HostPython.Examine(command).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error);
                time.Stop();
                examined++;
                if (error is null)
                    continue;
                broken++;
                string errors = HostPython.Run(command).Errors;
                if (!errors.Contains(error.Message!, StringComparison.Ordinal))
                    wrong.Add($"{python} import {module}: {error.Message} ({string.Join("; ", error.Evidence.Take(8))})\n    {errors.TrimEnd('\n').Split('\n')[^1]}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{examined} modules in {time.ElapsedMilliseconds} ms, {broken} broken");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {broken}:\n{string.Join('\n', wrong.Take(40))}");
    }
}
