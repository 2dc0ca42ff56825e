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
        LoaderFile file = files.Find(path) ?? throw new ElfFormatException(path, 0, "the file is not there or not readable");
        if (file.Elf is not { } elf)
            throw file.Damage!;
        // The kernel tells a program's real path; a library's is the one by which it was opened.
        LoadedObject program = new(elf.Interpreter is null ? path : files.RealPath(path), file, null);
        LoadedProcess process = new(settings, program, files);
        LibrarySearch search = settings.Kind == LoaderKind.Musl ? new MuslSearch(process) : new GlibcSearch(process);
        search.Run();
        return process;
    }
}
