using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What brings a module that is missing.</summary>
static class PythonDistributions
{
    /// <summary>Projects of the Python Package Index whose name is not that of their module.</summary>
    static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Crypto"] = "pycryptodome",
        ["MySQLdb"] = "mysqlclient",
        ["OpenSSL"] = "pyOpenSSL",
        ["PIL"] = "pillow",
        ["attr"] = "attrs",
        ["bs4"] = "beautifulsoup4",
        ["cv2"] = "opencv-python",
        ["cuda"] = "cuda-python",
        ["cupy"] = "cupy-cuda12x",
        ["dateutil"] = "python-dateutil",
        ["distutils"] = "setuptools",
        ["dotenv"] = "python-dotenv",
        ["faiss"] = "faiss-cpu",
        ["git"] = "GitPython",
        ["google.protobuf"] = "protobuf",
        ["grpc"] = "grpcio",
        ["jose"] = "python-jose",
        ["jwt"] = "PyJWT",
        ["magic"] = "python-magic",
        ["modelopt"] = "nvidia-modelopt",
        ["osgeo"] = "GDAL",
        ["pkg_resources"] = "setuptools",
        ["psycopg2"] = "psycopg2-binary",
        ["pynvml"] = "nvidia-ml-py",
        ["pythonjsonlogger"] = "python-json-logger",
        ["pytorch_lightning"] = "pytorch-lightning",
        ["ruamel"] = "ruamel.yaml",
        ["sentence_transformers"] = "sentence-transformers",
        ["serial"] = "pyserial",
        ["skimage"] = "scikit-image",
        ["sklearn"] = "scikit-learn",
        ["tensorrt_llm"] = "tensorrt-llm",
        ["tensorrt_bindings"] = "tensorrt",
        ["usb"] = "pyusb",
        ["yaml"] = "pyyaml",
        ["zmq"] = "pyzmq",
    };

    /// <summary>What Python 3.12 has dropped (What's New in Python 3.12).</summary>
    static readonly HashSet<string> RemovedIn12 = ["asynchat", "asyncore", "distutils", "imp", "smtpd"];

    /// <summary>What Python 3.13 has dropped (PEP 594; What's New in Python 3.13).</summary>
    static readonly HashSet<string> RemovedIn13 =
    [
        "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau",
        "telnetlib", "uu", "xdrlib",
    ];

    /// <summary>The standard library's extension modules that a build leaves out where a library is not installed.</summary>
    static readonly HashSet<string> LeftOut =
        ["_bz2", "_ctypes", "_curses", "_dbm", "_gdbm", "_hashlib", "_lzma", "_sqlite3", "_ssl", "_tkinter", "_uuid", "_zstd", "readline", "zlib"];

    /// <summary>What to give to pip.</summary>
    public static string Of(string module)
    {
        foreach ((string name, string project) in Names)
        {
            if (module == name || module.StartsWith(name + ".", StringComparison.Ordinal))
                return project;
        }

        return PathBytes.Printable(module.Split('.')[0]);
    }

    /// <summary>Whether Python 3.N has it no more.</summary>
    public static bool IsDropped(string module, int minor) => minor >= DroppedIn(module.Split('.')[0]);

    /// <summary>Whether builds leave it out where a library was not installed.</summary>
    public static bool IsLeftOut(string top) => LeftOut.Contains(top);

    static int DroppedIn(string top) => RemovedIn12.Contains(top) ? 12 : RemovedIn13.Contains(top) ? 13 : int.MaxValue;

    /// <summary>A module that is nowhere, be it in the package of its name or without one.</summary>
    public static string WhereToGet(string module, PythonInterpreter interpreter, PythonFiles files)
    {
        string top = module.Split('.')[0];
        string python = PathBytes.Printable(interpreter.Executable);
        string pip = $"{python} -m pip install {Of(module)}";
        if (IsDropped(module, interpreter.Minor))
            return top == "distutils" ? $"{pip}, which brings it: Python 3.{DroppedIn(top)} has dropped it" : $"Python 3.{DroppedIn(top)} has dropped {top}: use an older Python, or a release of the program for this one";
        if (PythonAdditions.WhereToGet(module, interpreter.Minor, python) is { } newer)
            return newer;
        if (PythonSystemPackages.Install(module, interpreter, files) is { } package)
            return package;
        if (top is "tkinter" or "_tkinter")
            return "install Python's Tk support: the package python3-tk of Debian and Ubuntu, python3-tkinter of Fedora";
        if (LeftOut.Contains(top))
            return $"the interpreter {python} was built without {top}: use another one";
        if (PythonSystemPackages.IsStandard(top, interpreter.Minor))
            return $"{top} belongs to Python's standard library, of which {PathBytes.Printable(interpreter.StandardLibrary)} has only a part: install the whole interpreter";
        return pip;
    }
}
