using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Modules that come with Python itself ("sys.stdlib_module_names"), which no installer of packages brings.</summary>
static class PythonStandardLibrary
{
    static readonly HashSet<string> names = new(StringComparer.Ordinal)
    {
        "_asyncio", "_bisect", "_blake2", "_bz2", "_csv", "_ctypes", "_curses", "_curses_panel", "_datetime", "_dbm", "_decimal", "_elementtree", "_gdbm", "_hashlib",
        "_heapq", "_json", "_lzma", "_multiprocessing", "_opcode", "_pickle", "_posixshmem", "_posixsubprocess", "_queue", "_random", "_socket", "_sqlite3", "_ssl",
        "_statistics", "_struct", "_tkinter", "_uuid", "_zoneinfo", "abc", "aifc", "argparse", "array", "ast", "asyncio", "atexit", "audioop", "base64", "bdb",
        "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys",
        "compileall", "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm",
        "decimal", "difflib", "dis", "doctest", "email", "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch",
        "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html",
        "http", "idlelib", "imaplib", "imghdr", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache", "locale", "logging",
        "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap", "modulefinder", "multiprocessing", "netrc", "nis", "nntplib", "ntpath", "nturl2path",
        "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib",
        "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri", "random", "re",
        "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtplib",
        "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct",
        "subprocess", "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap", "threading", "time",
        "timeit", "tkinter", "token", "tokenize", "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata",
        "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "wsgiref", "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport",
        "zlib", "zoneinfo",
    };

    /// <summary>Debian's packages that hold a part of it by itself.</summary>
    static readonly Dictionary<string, string> parts = new(StringComparer.Ordinal)
    {
        ["_gdbm"] = "python3-gdbm of Debian and Ubuntu",
        ["_tkinter"] = "python3-tk of Debian and Ubuntu, python3-tkinter of Fedora",
        ["ensurepip"] = "python3-venv of Debian and Ubuntu",
        ["idlelib"] = "idle of Debian and Ubuntu, python3-idle of Fedora",
        ["lib2to3"] = "python3-lib2to3 of Debian and Ubuntu",
        ["tkinter"] = "python3-tk of Debian and Ubuntu, python3-tkinter of Fedora",
        ["turtle"] = "python3-tk of Debian and Ubuntu, python3-tkinter of Fedora",
        ["venv"] = "python3-venv of Debian and Ubuntu",
    };

    /// <summary>What to do about a module of it that is missing; null for one of somebody else's.</summary>
    /// <param name="module">Dotted.</param>
    /// <param name="interpreter">Null where it is not known which.</param>
    public static string? WhereToGet(string module, PythonInterpreter? interpreter = null)
    {
        string top = module.Split('.')[0];
        if (!names.Contains(top))
            return null;
        if (interpreter is null && PythonDistributions.IsDropped(top))
            return $"Python 3.13 has no {top} any more: use an older Python, or a release of the program for this one";
        string whose = interpreter is null ? "the interpreter" : $"the interpreter {PathBytes.Printable(interpreter.Executable)}";
        if (parts.TryGetValue(top, out string? package))
            return $"{PathBytes.Printable(module)} is a part of Python itself that {whose} was installed without: the package {package}";
        bool isOfDistribution = interpreter?.Executable.StartsWith("/usr/bin/", StringComparison.Ordinal) != false;
        string again = isOfDistribution
            ? $"install the whole of it: the package {(interpreter is null ? "libpython3-stdlib" : $"libpython3.{interpreter.Minor}-stdlib")} of Debian and Ubuntu, python3-libs of Fedora"
            : "install that Python again, or use another one";
        return $"{PathBytes.Printable(module)} is a part of Python itself, so {whose} is incomplete: {again}";
    }
}
