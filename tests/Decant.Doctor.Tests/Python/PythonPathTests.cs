namespace Decant.Doctor.Tests;

public sealed class PythonPathTests : IDisposable
{
    const string Print = "import sys; print('\\n'.join(sys.path))";

    readonly string work = HostPython.Root.View.Resolve(Directory.CreateTempSubdirectory("decant-pypath-").FullName).Path;

    public void Dispose() => Directory.Delete(work, recursive: true);

    /// <summary>sys.path of a command as it is computed, and as the interpreter has it.</summary>
    void AssertTrue(ExaminedCommand command)
    {
        (int exit, string output, string errors) = HostPython.Run(command);
        Assert.True(exit == 0, errors);
        string[] truth = [.. output.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? command.WorkingDirectory : line)];
        LoadedCommand loaded = HostPython.Load(command);
        PythonInterpreter interpreter = PythonInterpreter.Of(loaded)!;
        Assert.NotNull(interpreter);
        string[] computed = [.. PythonPath.Of(interpreter, command).Elements.Select(element => element.Directory)];
        Assert.True(truth.SequenceEqual(computed), $"{string.Join(' ', command.Arguments)}\n  {string.Join("\n  ", truth)}\nbut\n  {string.Join("\n  ", computed)}");
    }

    void AssertTrueForAll(Func<string, ExaminedCommand> command)
    {
        Assert.NotEmpty(HostPython.All);
        foreach (string executable in HostPython.All)
            AssertTrue(command(executable));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-I")]
    [InlineData("-s")]
    [InlineData("-E")]
    [InlineData("-S")]
    [InlineData("-sE")]
    [InlineData("-uBIW ignore -X dev")]
    public void Options_are_followed(string options) =>
        AssertTrueForAll(python => HostPython.Command(work, Variables(), [python, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-c", Print]));

    [Theory]
    [InlineData("PYTHONPATH", "/one:/usr/../usr/lib:relative/x:/one")]
    [InlineData("PYTHONPATH", "")]
    [InlineData("PYTHONPATH", "a::b")]
    [InlineData("PYTHONPATH", "/x:")]
    [InlineData("PYTHONNOUSERSITE", "1")]
    [InlineData("PYTHONSAFEPATH", "1")]
    [InlineData("PYTHONSAFEPATH", "")]
    public void Variables_are_followed(string name, string value) =>
        AssertTrueForAll(python => HostPython.Command(work, Variables((name, value)), [python, "-c", Print]));

    [Fact]
    public void The_user_s_packages_and_path_files_are_found() => AssertTrueForAll(python =>
    {
        string name = PythonInterpreter.Of(HostPython.Load(HostPython.Command(work, Variables(), python)))!.Name;
        string site = Directory.CreateDirectory($"{work}/home/.local/lib/{name}/site-packages").FullName;
        Directory.CreateDirectory(site + "/sub");
        Directory.CreateDirectory(site + "/second");
        Directory.CreateDirectory(work + "/elsewhere");
        File.WriteAllText(site + "/b.pth", "sub\n# second\nimport sys\nnot-there\n\n" + work + "/elsewhere\nsub\n");
        File.WriteAllText(site + "/a.pth", "second  \r\n./sub/../second\r\n");
        File.WriteAllText(site + "/c.txt", "/usr\n");
        return HostPython.Command(work, Variables(("HOME", work + "/home")), python, "-c", Print);
    });

    [Fact]
    public void A_user_base_is_found() => AssertTrueForAll(python =>
    {
        string name = PythonInterpreter.Of(HostPython.Load(HostPython.Command(work, Variables(), python)))!.Name;
        Directory.CreateDirectory($"{work}/base/lib/{name}/site-packages");
        return HostPython.Command(work, Variables(("PYTHONUSERBASE", work + "/base")), python, "-c", Print);
    });

    [Theory]
    [InlineData("real/script.py")]
    [InlineData("linked/script.py")]
    [InlineData("link.py")]
    [InlineData("directory")]
    public void The_directory_of_a_script_comes_first(string script)
    {
        Directory.CreateDirectory(work + "/real");
        Directory.CreateDirectory(work + "/directory");
        File.WriteAllText(work + "/real/script.py", Print);
        File.WriteAllText(work + "/directory/__main__.py", Print);
        Directory.CreateSymbolicLink(work + "/linked", "real");
        File.CreateSymbolicLink(work + "/link.py", "linked/script.py");
        AssertTrueForAll(python => HostPython.Command(work, Variables(), python, $"{work}/{script}"));
        AssertTrueForAll(python => HostPython.Command(work, Variables(), python, "-I", $"{work}/{script}"));
        AssertTrueForAll(python => HostPython.Command(work, Variables(("PYTHONSAFEPATH", "x")), python, $"{work}/{script}"));
    }

    [Fact]
    public void A_module_is_searched_in_the_working_directory()
    {
        File.WriteAllText(work + "/shown.py", Print);
        AssertTrueForAll(python => HostPython.Command(work, Variables(), python, "-m", "shown"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--system-site-packages")]
    [InlineData("--copies")]
    public void A_virtual_environment_has_its_own_packages(string option)
    {
        int made = 0;
        foreach (string python in HostPython.All)
        {
            string venv = $"{work}/venv{made}";
            string[] options = option.Length == 0 ? [] : [option];
            if (HostPython.Run(HostPython.Command(work, Variables(), [python, "-m", "venv", "--without-pip", .. options, venv])).ExitCode != 0)
                continue;
            made++;
            AssertTrue(HostPython.Command(work, Variables(), venv + "/bin/python", "-c", Print));
            AssertTrue(HostPython.Command(work, Variables(("PATH", venv + "/bin:/usr/bin"), ("PYTHONPATH", "/x")), "python3", "-c", Print));
            AssertTrue(HostPython.Command(work, Variables(), venv + "/bin/python", "-I", "-c", Print));
            File.CreateSymbolicLink($"{work}/python-link{made}", venv + "/bin/python");
            AssertTrue(HostPython.Command(work, Variables(), $"{work}/python-link{made}", "-c", Print));
        }

        Assert.NotEqual(0, made);
    }

    [Fact]
    public void A_python_home_replaces_the_prefix() => AssertTrueForAll(python =>
    {
        string prefix = PythonInterpreter.Of(HostPython.Load(HostPython.Command(work, Variables(), python)))!.Prefix;
        File.Delete(work + "/home");
        Directory.CreateSymbolicLink(work + "/home", prefix);
        return HostPython.Command(work, Variables(("PYTHONHOME", work + "/home")), python, "-c", Print);
    });

    [Fact]
    public void What_is_no_CPython_is_not_taken_for_one()
    {
        Assert.Null(PythonInterpreter.Of(HostPython.Load(HostPython.Command("/", Variables(), "/bin/ls"))));
        File.Copy("/bin/ls", work + "/python3");
        Assert.Null(PythonInterpreter.Of(HostPython.Load(HostPython.Command("/", Variables(), work + "/python3"))));
    }

    static Decant.Launch.LaunchEnvironment Variables(params (string, string)[] variables) => HostPython.Environment(variables);
}
