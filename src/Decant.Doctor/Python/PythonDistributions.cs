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

    public static string WhereToGet(string module, PythonInterpreter interpreter)
    {
        string top = module.Split('.')[0];
        string pip = $"{PathBytes.Printable(interpreter.Executable)} -m pip install {Of(module)}";
        int minor = RemovedIn12.Contains(top) ? 12 : RemovedIn13.Contains(top) ? 13 : int.MaxValue;
        if (interpreter.Minor >= minor)
            return top == "distutils" ? $"{pip}, which brings it: Python 3.{minor} has dropped it" : $"Python 3.{minor} has dropped {top}: use an older Python, or a release of the program for this one";
        if (top is "tkinter" or "_tkinter")
            return "install Python's Tk support: the package python3-tk of Debian and Ubuntu, python3-tkinter of Fedora";
        if (LeftOut.Contains(top))
            return $"the interpreter {PathBytes.Printable(interpreter.Executable)} was built without {top}: use another one";
        return pip;
    }
}
