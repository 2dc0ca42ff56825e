using System.Diagnostics;
using System.Globalization;
using Decant.Images;

namespace Decant.Doctor.Tests;

/// <summary>Every name that a module turns out to have must have been thought possible.</summary>
public sealed class PythonNamesTests
{
    /// <summary>The names of each module on standard input, each imported in a process of its own.</summary>
    const string Names = """
        import sys, os, signal, importlib
        for line in sys.stdin:
            name = line.strip()
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                signal.alarm(30)
                out = os.dup(1)
                null = os.open('/dev/null', os.O_RDWR)
                os.dup2(null, 1); os.dup2(null, 2); os.dup2(null, 0)
                try:
                    module = importlib.import_module(name)
                    if module is sys.modules[name] and module.__name__ == name:
                        with os.fdopen(out, 'w') as f: f.write(''.join(name + '\t' + one + '\n' for one in vars(module) if isinstance(one, str) and one.isidentifier()))
                except BaseException: pass
                os._exit(0)
            os.waitpid(pid, 0)
        """;

    static readonly string? asked = Environment.GetEnvironmentVariable("DECANT_TEST_EVERY_NAME");

    static readonly int Every = int.Parse(asked ?? "600", CultureInfo.InvariantCulture);

    /// <summary>One interpreter where nobody asked for more: to look through each takes half a minute.</summary>
    static IEnumerable<string> Interpreters => asked is null ? HostPython.All.Take(1) : HostPython.All;

    /// <summary>Directories with root filesystems, whose Python is asked too.</summary>
    static readonly string[] roots = (Environment.GetEnvironmentVariable("DECANT_TEST_ROOTS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void No_name_is_called_missing_that_a_module_of_this_machine_has()
    {
        int modules = 0;
        int names = 0;
        int missed = 0;
        List<string> wrong = [];
        foreach ((string root, string python) in Interpreters.Select(python => ("/", python)).Concat(roots.Select(root => (root, "/usr/bin/python3"))))
        {
            RootIndex index = new(new RootView([root]), []);
            string[] all = Run(root, python, PythonHealthTests.List, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            LoadedCommand loaded = HostPython.Load(new ExaminedCommand(index, HostPython.Environment(), "/", [python, "-c", "0"]));
            PythonInterpreter interpreter = PythonInterpreter.Of(loaded)!;
            PythonModules finder = new(interpreter, PythonPath.Of(interpreter, loaded.Command).Elements, PythonBuiltIns.Of(loaded.Process), index.Python);
            // setuptools puts another package in the place of distutils.
            string[] sample = [.. all.Where((name, i) => i % Every == 0 && !name.Contains("test", StringComparison.Ordinal) && !name.StartsWith("distutils", StringComparison.Ordinal) && name is not ("this" or "antigravity" or "idlelib.idle"))];
            PythonNames possible = new(loaded, interpreter, finder);
            string last = "";
            foreach (string line in Run(root, python, Names, string.Join('\n', sample) + "\nos\nsys\nposix\nre\nsocket\nio\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = line.Split('\t');
                PythonModule? module = null;
                foreach (string part in parts[0].Split('.'))
                    module = module is null ? finder.Find(part) : finder.Find(module, part);
                if (module is null)
                    continue;
                modules += last == parts[0] ? 0 : 1;
                names++;
                if (last != parts[0] && !possible.May(module, "no_such_name_in_any_module"))
                    missed++;
                last = parts[0];
                if (!possible.May(module, parts[1]) && finder.Find(module, parts[1]) is null)
                    wrong.Add($"{python} of {root}: {parts[0]}.{parts[1]}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{names} names of {modules} modules; of {missed} a name that is not there is told");
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong.Take(60))}");
        Assert.True(missed * 4 > modules, $"of {modules} modules only {missed} are closed");
    }

    static string Run(string root, string python, string source, string input)
    {
        string[] command = root == "/" ? [python, "-c", source] : ["/usr/sbin/chroot", root, python, "-c", source];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        _ = errors.Result;
        return output.Result;
    }
}
