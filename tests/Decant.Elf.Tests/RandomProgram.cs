namespace Decant.Elf.Tests;

/// <summary>
/// A program with up to nine libraries in four directories, whose search paths, sonames, versions, duplicates and missing parts are drawn
/// at random: what no one would think of.
/// </summary>
sealed class RandomProgram(LoaderBench bench, Random random)
{
    static readonly string[] Directories = ["a", "b", "c", "a/tls"];

    readonly List<string> libraries = [];

    public string? LibraryPath { get; private set; }

    public string? Preload { get; private set; }

    public void Make()
    {
        int count = random.Next(3, 10);
        for (int i = 0; i < count; i++)
            Library(i);
        bench.Program(Source("main", 3) + "int main(void){return 0;}", Needs(3), Paths("main"), random.Next(2) == 0 ? "-Wl,-z,now" : "-Wl,-z,lazy");
        foreach (string library in libraries)
        {
            int fate = random.Next(10);
            string copy = $"{Directory()}/{Path.GetFileName(library)}";
            if (fate == 0)
                File.Delete(bench.Path(library));
            else if (fate <= 3 && !File.Exists(bench.Path(copy)))
                bench.Copy(library, copy);
            else if (fate == 4 && copy != library && !File.Exists(bench.Path(copy)))
                bench.Move(library, copy);
        }

        LibraryPath = random.Next(2) == 0 ? null : string.Join(random.Next(2) == 0 ? ':' : ';', Enumerable.Range(0, random.Next(1, 3)).Select(_ => bench.Path(Directory())));
        string preload = bench.Path(libraries[random.Next(libraries.Count)]);
        Preload = random.Next(4) == 0 && File.Exists(preload) ? preload : null;
    }

    string Directory() => Directories[random.Next(Directories.Length)];

    void Library(int number)
    {
        // Two may share a soname, as two releases of one library do.
        string name = $"{Directory()}/lib{(random.Next(6) == 0 ? number / 2 : number)}.so";
        string map = $"V_1 {{ global: f{number}*; v{number}*; }};";
        File.WriteAllText(bench.Path("map"), map);
        bench.Library(
            name, Source($"{number}", 2), Needs(2, name), Paths(name), random.Next(3) == 0 ? $"-Wl,--version-script,{bench.Path("map")}" : "-g0", random.Next(3) == 0 ? "-Wl,--hash-style=sysv" : "-Wl,--hash-style=gnu");
        if (!libraries.Contains(name))
            libraries.Add(name);
    }

    /// <summary>Defines a few functions and variables, and refers to some of the other libraries' and to some that nobody has.</summary>
    string Source(string own, int references)
    {
        string source = "";
        for (int i = 0; i < 3; i++)
        {
            string weak = random.Next(4) == 0 ? "__attribute__((weak)) " : "";
            source += $"{weak}int f{own}_{i}(void){{return {i};}}{weak}int v{own}_{i}={i};";
        }

        for (int i = 0; i < references; i++)
        {
            int other = random.Next(10), which = random.Next(4);
            string weak = random.Next(5) == 0 ? "__attribute__((weak)) " : "";
            source += random.Next(2) == 0
                ? $"{weak}int f{other}_{which}(void);int use{own}_{i}(void){{return f{other}_{which}();}}"
                : $"{weak}extern int v{other}_{which};int *take{own}_{i}=&v{other}_{which};";
        }

        return source;
    }

    string[] Needs(int most, string? except = null) => libraries.Where(library => library != except && File.Exists(bench.Path(library))).OrderBy(_ => random.Next()).Take(random.Next(most + 1)).ToArray();

    string Paths(string holder)
    {
        string tags = random.Next(2) == 0 ? "--enable-new-dtags" : "--disable-new-dtags";
        string up = holder.Contains("tls") ? "../../" : holder.Contains('/') ? "../" : "";
        return random.Next(4) == 0
            ? "-Wl,--as-needed,--no-as-needed"
            : $"-Wl,{tags},-rpath,{string.Join(':', Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"$ORIGIN/{up}{Directory()}"))}";
    }
}
