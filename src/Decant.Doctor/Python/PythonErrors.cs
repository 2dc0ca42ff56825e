namespace Decant.Doctor;

/// <summary>What Python source says about failures (Built-in Exceptions; sys.exit).</summary>
static class PythonErrors
{
    static readonly HashSet<string> Unrelated =
    [
        "ArithmeticError", "AssertionError", "AttributeError", "BlockingIOError", "BrokenPipeError", "ConnectionError", "EOFError", "EnvironmentError",
        "FileExistsError", "FileNotFoundError", "IOError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt",
        "LookupError", "MemoryError", "NotADirectoryError", "NotImplementedError", "OSError", "OverflowError", "PermissionError",
        "ProcessLookupError", "RecursionError", "RuntimeError", "StopIteration", "SystemExit", "TimeoutError", "TypeError", "UnboundLocalError",
        "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "ValueError", "ZeroDivisionError",
    ];

    /// <summary>
    /// An exception that no failure of an import is. NameError is left out: programs that also run with Python 2 ask for a name of it first, and
    /// never come to the import.
    /// </summary>
    public static bool IsUnrelated(ReadOnlySpan<byte> name) => Unrelated.Contains(System.Text.Encoding.UTF8.GetString(name));

    /// <summary>What programs commonly call between their imports, by its first name: none of it has to do with modules.</summary>
    static readonly HashSet<string> Harmless =
    [
        "basicConfig", "faulthandler", "filterwarnings", "gc", "getLogger", "jax", "load_dotenv", "locale", "logger", "logging", "matplotlib", "mpl", "multiprocessing", "mp", "np", "numpy", "os",
        "pandas", "pd", "plt", "print", "random", "resource", "setproctitle", "signal", "simplefilter", "sns", "socket", "sys", "tf", "threading", "time", "torch", "transformers", "warnings",
    ];

    public static bool IsHarmless(ReadOnlySpan<byte> name) => Harmless.Contains(System.Text.Encoding.UTF8.GetString(name));

    /// <summary>Whether a statement ends the program, or puts another in its place.</summary>
    public static bool EndsProgram(ReadOnlySpan<byte> statement) =>
        statement.StartsWith("sys.exit("u8) || statement.StartsWith("exit("u8) || statement.StartsWith("quit("u8)
        || statement.StartsWith("os._exit("u8) || statement.StartsWith("os.exec"u8);
}
