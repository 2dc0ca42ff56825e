using Decant.Elf;

namespace Decant.Doctor;

/// <summary>The modules that an interpreter has in itself.</summary>
static class PythonBuiltIns
{
    /// <summary>In every build, without a function of the usual name, or needed by it (Python/pylifecycle.c, Modules/config.c.in).</summary>
    static readonly HashSet<string> Always =
    [
        "sys", "builtins", "marshal", "gc", "_imp", "_warnings", "_thread", "_weakref", "_io", "_ast", "_tokenize", "_string", "_abc", "_codecs", "_collections",
        "_functools", "_locale", "_operator", "_signal", "_sre", "_stat", "_symtable", "_tracemalloc", "atexit", "errno", "faulthandler", "itertools", "posix",
        "pwd", "time", "_frozen_importlib", "_frozen_importlib_external", "_typing", "_sysconfig", "_suggestions",
    ];

    /// <summary>What has been imported when the search begins, and what is frozen since 3.11 (Python/frozen.c; site.py).</summary>
    static readonly HashSet<string> Loaded =
    [
        "zipimport", "abc", "codecs", "io", "_collections_abc", "_sitebuiltins", "genericpath", "posixpath", "os", "site", "stat", "encodings",
    ];

    /// <summary>Builds decide which of these they have in themselves.</summary>
    static readonly HashSet<string> Sometimes =
    [
        "_asyncio", "_bisect", "_blake2", "_bz2", "_contextvars", "_crypt", "_csv", "_ctypes", "_curses", "_curses_panel", "_datetime", "_dbm", "_decimal",
        "_elementtree", "_gdbm", "_hashlib", "_heapq", "_hmac", "_interpchannels", "_interpqueues", "_interpreters", "_json", "_lsprof", "_lzma", "_md5",
        "_multibytecodec", "_multiprocessing", "_opcode", "_pickle", "_posixshmem", "_posixsubprocess", "_queue", "_random", "_remote_debugging", "_sha1",
        "_sha2", "_sha256", "_sha3", "_sha512", "_socket", "_sqlite3", "_ssl", "_statistics", "_struct", "_tkinter", "_types", "_uuid", "_zoneinfo", "_zstd",
        "array", "audioop", "binascii", "cmath", "fcntl", "grp", "math", "mmap", "nis", "ossaudiodev", "pyexpat", "readline", "resource", "select", "spwd",
        "syslog", "termios", "unicodedata", "xxsubtype", "zlib",
    ];

    public static bool IsLoadedFirst(string name) => Loaded.Contains(name);

    /// <summary>By the functions that it exports: every build that lets extensions bind to it exports these with the rest of its interface.</summary>
    public static HashSet<string> Of(LoadedProcess process)
    {
        const string start = "PyInit_";
        HashSet<string> names = new(Always, StringComparer.Ordinal);
        bool exportsAny = false;
        foreach (LoadedObject loaded in process.Objects)
        {
            if (loaded != process.Program && loaded.Elf.Soname?.StartsWith("libpython", StringComparison.Ordinal) != true)
                continue;
            try
            {
                foreach ((string name, _) in loaded.File.Symbols().Exports())
                {
                    if (!name.StartsWith(start, StringComparison.Ordinal))
                        continue;
                    names.Add(name[start.Length..]);
                    exportsAny = true;
                }
            }
            catch (ElfFormatException)
            {
                // Then it is as if it exported none.
            }
        }

        if (!exportsAny)
            names.UnionWith(Sometimes);
        return names;
    }
}
