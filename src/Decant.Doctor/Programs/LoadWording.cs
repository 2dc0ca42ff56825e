namespace Decant.Doctor;

/// <summary>How the failure to load something is told, by what each kind of message begins with.</summary>
/// <param name="Libraries">Of glibc, about libraries.</param>
/// <param name="Versions">Of glibc, about versions.</param>
/// <param name="Symbols">Of glibc, about symbols.</param>
/// <param name="Musl">Of musl.</param>
/// <param name="Program">How the program itself is called; null for by its path.</param>
/// <param name="BindsNow">Also what is only called is looked up at once (RTLD_NOW).</param>
sealed record LoadWording(string Libraries, string Versions, string Symbols, string Musl, string? Program, bool BindsNow)
{
    /// <summary>Python's, about an extension module: dlopen(3) tells, with RTLD_NOW (Python/dynload_shlib.c).</summary>
    public static LoadWording OfImport { get; } = new("ImportError: ", "ImportError: ", "ImportError: ", "ImportError: ", Program: null, BindsNow: true);

    /// <summary>Of whoever opens a plugin, and keeps it to himself.</summary>
    public static LoadWording OfPlugin { get; } = new("", "", "", "", Program: null, BindsNow: false);

    /// <summary>The loader's own, about a program that is started.</summary>
    /// <param name="name">How the command names it.</param>
    public static LoadWording OfProgram(string name) =>
        new($"{name}: error while loading shared libraries: ", $"{name}: ", $"{name}: symbol lookup error: ", "", name, BindsNow: false);
}
