namespace Decant.Elf.Tests;

/// <summary>Small programs and libraries, made by the compiler, that the model and the real loader judge side by side.</summary>
sealed class LoaderBench : IDisposable
{
    readonly Workbench bench = new();

    public string Path(string name) => bench.Path(name);

    /// <param name="needs">Libraries of the bench, linked by their paths' sonames.</param>
    public string Library(string name, string source, IEnumerable<string>? needs = null, params string[] options) =>
        bench.Compile(source, name, ["-shared", "-fPIC", "-Wl,-z,lazy", $"-Wl,-soname,{System.IO.Path.GetFileName(name)}", .. Needs(needs), .. options]);

    public string Program(string source, IEnumerable<string>? needs = null, params string[] options) =>
        bench.Compile(source, "main", ["-Wl,-z,lazy", .. Needs(needs), "-Wl,--unresolved-symbols=ignore-all", .. options]);

    public void Move(string from, string to)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(to))!);
        File.Move(Path(from), Path(to));
    }

    public void Copy(string from, string to)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(to))!);
        File.Copy(Path(from), Path(to));
    }

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), content);
    }

    /// <param name="cache">In the place of the system's own.</param>
    public LoadedProcess Load(string name = "main", string? libraryPath = null, string? preload = null, LdSoCache? cache = null)
    {
        HostFiles files = new();
        LoaderSettings settings = LoaderSettings.Of(RealLoader.Path, files) with
        {
            Cpu = LoaderCpu.OfThisMachine(ElfMachine.X86_64),
            LibraryPath = libraryPath,
            Preload = preload,
            WorkingDirectory = Environment.CurrentDirectory,
        };
        return new LoaderModel(files, cache is null ? settings : settings with { Cache = cache }).Load(Path(name));
    }

    /// <summary>Predicts a file, and compares with the real loader in the same environment.</summary>
    public LoadedProcess AssertAsReal(string name = "main", string? libraryPath = null, string? preload = null)
    {
        LoadedProcess process = Load(name, libraryPath, preload);
        List<(string, string)> environment = [];
        if (libraryPath is not null)
            environment.Add(("LD_LIBRARY_PATH", libraryPath));
        if (preload is not null)
            environment.Add(("LD_PRELOAD", preload));
        RealLoader real = RealLoader.Of(Path(name), [.. environment])!;
        Assert.Null(real.Failure);
        Assert.Equal("", RealLoader.Difference(real, RealLoader.Predicted(process)));
        return process;
    }

    /// <summary>Runs the program itself.</summary>
    public (int Exit, string Output) Run(params (string Name, string Value)[] environment) => Workbench.Run(Path("main"), [], environment);

    public void Dispose() => bench.Dispose();

    IEnumerable<string> Needs(IEnumerable<string>? needs)
    {
        foreach (string need in needs ?? [])
            yield return Path(need);
        yield return "-Wl,--allow-shlib-undefined";
    }
}
