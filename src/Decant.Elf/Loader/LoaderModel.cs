namespace Decant.Elf;

/// <summary>
/// Decides as the loader of a root does, without running anything: which files a program binds, from where and why (ld.so(8);
/// elf/dl-load.c, dl-deps.c and dl-cache.c of glibc; ldso/dynlink.c of musl).
/// </summary>
public sealed class LoaderModel
{
    readonly LoaderFiles files;
    readonly LoaderSettings settings;

    public LoaderModel(LoaderFiles files, LoaderSettings settings)
    {
        this.files = files;
        this.settings = settings;
    }

    /// <summary>What is loaded for a program, or for a library that is opened by itself.</summary>
    /// <param name="path">Absolute, in the root.</param>
    /// <exception cref="ElfFormatException">There is no such file, or it is no ELF file. A broken library is no exception but a <see cref="LibraryLookup.Problem"/>.</exception>
    public LoadedProcess Load(string path)
    {
        LoadedProcess process = Begin(path);
        Search(process).Run();
        return process;
    }

    /// <summary>
    /// What comes into a running program with a library that it opens by its path (dlopen(3), without RTLD_GLOBAL and RTLD_DEEPBIND): the
    /// library and what it needs see the program's symbols first, then their own.
    /// </summary>
    /// <param name="program">Whose process it is.</param>
    /// <param name="path">Of the library; absolute, in the root.</param>
    /// <returns>The process with the library in it; its lookups are the library's alone.</returns>
    /// <exception cref="ElfFormatException">There is no such program or library, or it is no ELF file.</exception>
    public LoadedProcess Open(string program, string path)
    {
        LoadedProcess process = Begin(program);
        LibrarySearch search = Search(process);
        search.Run();
        search.Open(path);
        return process;
    }

    /// <summary>What dlopen(3) of names finds, each called while a program runs.</summary>
    /// <param name="program">Whose process it is.</param>
    /// <param name="opened">What it has opened before; null for nothing.</param>
    /// <param name="caller">The path of the object that calls, whose RUNPATH counts; the program where it has none of that path.</param>
    /// <param name="names">With or without a slash.</param>
    /// <exception cref="ElfFormatException">There is no such program or library, or it is no ELF file.</exception>
    public IReadOnlyList<LibraryLookup> Find(string program, string? opened, string caller, IReadOnlyList<string> names)
    {
        LoadedProcess process = Begin(program);
        LibrarySearch search = Search(process);
        search.Run();
        if (opened is not null)
            search.Open(opened);
        LoadedObject by = process.Objects.FirstOrDefault(loaded => loaded.Path == caller) ?? process.Program;
        return [.. names.Select(name => search.Find(name, by))];
    }

    LoadedProcess Begin(string path)
    {
        LoaderFile file = files.Find(path) ?? throw new ElfFormatException(path, 0, "the file is not there or not readable");
        if (file.Elf is not { } elf)
            throw file.Damage!;
        // The kernel tells a program's real path; a library's is the one by which it was opened.
        LoadedObject program = new(elf.Interpreter is null ? path : files.RealPath(path), file, null);
        return new LoadedProcess(settings, program, files);
    }

    LibrarySearch Search(LoadedProcess process) => settings.Kind == LoaderKind.Musl ? new MuslSearch(process) : new GlibcSearch(process);
}
