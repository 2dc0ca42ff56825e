using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Which package of Debian or a system made from it brings a module of Python's standard library: they divide it into several, most of which are not installed with the interpreter
/// (debian/control of python3-defaults, python3-stdlib-extensions and python3.N).
/// </summary>
static class PythonSystemPackages
{
    const int MostBytes = 64 << 10;

    const string SystemPython = "/usr/bin/python3";

    /// <summary>By the top-level module; behind "python3-", or "python3.N-" for another than the system's own Python.</summary>
    static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["_gdbm"] = "gdbm",
        ["_tkinter"] = "tk",
        ["distutils"] = "distutils",
        ["ensurepip"] = "venv",
        ["lib2to3"] = "lib2to3",
        ["tkinter"] = "tk",
    };

    /// <summary>
    /// Modules that every whole CPython has on Linux from 3.5 to 3.14, whatever libraries it was built with (the module index of its documentation). Those that some release has dropped
    /// are not among them, nor those that came later (<see cref="PythonAdditions"/>).
    /// </summary>
    static readonly HashSet<string> Standard = new(StringComparer.Ordinal)
    {
        "__future__", "abc", "argparse", "array", "ast", "asyncio", "atexit", "base64", "bdb", "binascii", "bisect", "bz2", "cProfile", "calendar", "cmath", "cmd", "code", "codecs", "codeop",
        "collections", "colorsys", "compileall", "concurrent", "configparser", "contextlib", "copy", "copyreg", "csv", "ctypes", "curses", "datetime", "dbm", "decimal", "difflib", "dis",
        "doctest", "email", "encodings", "enum", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "genericpath", "getopt", "getpass", "gettext", "glob",
        "gzip", "hashlib", "heapq", "hmac", "html", "http", "imaplib", "importlib", "inspect", "io", "ipaddress", "json", "keyword", "linecache", "locale", "logging", "lzma", "mailbox", "math",
        "mimetypes", "mmap", "modulefinder", "multiprocessing", "netrc", "ntpath", "numbers", "opcode", "operator", "optparse", "os", "pathlib", "pdb", "pickle", "pickletools", "pkgutil",
        "platform", "plistlib", "poplib", "posixpath", "pprint", "profile", "pstats", "pty", "py_compile", "pyclbr", "pydoc", "queue", "quopri", "random", "re", "reprlib", "resource",
        "rlcompleter", "runpy", "sched", "select", "selectors", "shelve", "shlex", "shutil", "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "stat", "statistics",
        "string", "stringprep", "struct", "subprocess", "symtable", "sysconfig", "syslog", "tabnanny", "tarfile", "tempfile", "termios", "textwrap", "this", "threading", "timeit", "token",
        "tokenize", "trace", "traceback", "tracemalloc", "tty", "types", "typing", "unicodedata", "unittest", "urllib", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "wsgiref",
        "xml", "xmlrpc", "zipapp", "zipfile",
    };

    internal static IEnumerable<string> StandardModules => Standard;

    /// <summary>Whether every whole Python 3.N has a top-level module.</summary>
    public static bool IsStandard(string top, int minor) => Standard.Contains(top) || PythonAdditions.Has(top, minor);

    /// <summary>A command that installs it; null where the system is another, or the module none of the standard library.</summary>
    /// <param name="module">Dotted.</param>
    /// <param name="minor">The N of 3.N.</param>
    public static string? Install(string module, int minor, PythonFiles files)
    {
        if (PythonDistributions.IsDropped(module, minor) || PythonAdditions.IsLater(module, minor) || !IsDebian(files))
            return null;
        string top = module.Split('.')[0];
        string python = Minor(SystemPython, files) == minor ? "python3" : $"python3.{minor}";
        if (Parts.TryGetValue(top, out string? part))
            return $"apt-get install {python}-{part}";
        return IsStandard(top, minor) || PythonDistributions.IsLeftOut(top) ? $"apt-get install {python}, with all of the standard library: {python}-minimal has only a part of it" : null;
    }

    /// <summary>The same for an interpreter of the system: packages bring nothing to one that lies elsewhere.</summary>
    public static string? Install(string module, PythonInterpreter interpreter, PythonFiles files) =>
        interpreter.Prefix.TrimEnd('/') == "/usr" ? Install(module, interpreter.Minor, files) : null;

    /// <summary>Whether an executable is the system's own Python, be it called from a virtual environment.</summary>
    public static bool IsSystem(string path, PythonFiles files) =>
        files.RealPath(path) is var real && LinuxPath.Parent(real) == LinuxPath.Parent(SystemPython) && real == files.RealPath(SystemPython);

    /// <summary>The N of the Python 3.N that an executable leads to, by its name; null where that tells none.</summary>
    public static int? Minor(string path, PythonFiles files)
    {
        const string name = "python3.";
        string real = LinuxPath.Name(files.RealPath(path));
        return real.StartsWith(name, StringComparison.Ordinal) && int.TryParse(real.AsSpan(name.Length), out int minor) ? minor : null;
    }

    /// <summary>os-release(5): ID, or ID_LIKE, which lists what a system is made from.</summary>
    public static bool IsDebian(PythonFiles files)
    {
        if ((files.TryRead("/etc/os-release", MostBytes) ?? files.TryRead("/usr/lib/os-release", MostBytes)) is not { } bytes)
            return false;
        foreach (string line in PathBytes.Decode(bytes).Split('\n'))
        {
            int equals = line.IndexOf('=');
            if (equals > 0 && line[..equals] is "ID" or "ID_LIKE" && line[(equals + 1)..].Trim().Trim('"', '\'').Split(' ').Any(id => id is "debian" or "ubuntu"))
                return true;
        }

        return false;
    }
}
