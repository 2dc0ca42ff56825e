namespace Decant.Doctor.Tests;

public sealed class ExplanationTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    Finding Explain(string text) => Assert.Single(Explanation.Of(root.Command("true"), text));

    [Theory]
    [InlineData("mpirun: error while loading shared libraries: libucs.so.0: cannot open shared object file: No such file or directory", KnownMessageKind.Library, "libucs.so.0", "")]
    [InlineData("ImportError: libmpi.so.40: cannot open shared object file", KnownMessageKind.Library, "libmpi.so.40", "")]
    [InlineData("Error loading shared library libz.so.1: No such file or directory (needed by /bin/x)", KnownMessageKind.Library, "libz.so.1", "/bin/x")]
    [InlineData("symbol lookup error: /opt/lib/libucc.so.1: undefined symbol: ucp_worker_progress", KnownMessageKind.Symbol, "ucp_worker_progress", "/opt/lib/libucc.so.1")]
    [InlineData("MPI Error: undefined symbol: ucs_config_doc_nop", KnownMessageKind.Symbol, "ucs_config_doc_nop", "")]
    [InlineData("x: undefined symbol: f, version V_1.2", KnownMessageKind.Symbol, "f", "")]
    [InlineData("Error relocating /lib/x.so: some_symbol: symbol not found", KnownMessageKind.Symbol, "some_symbol", "/lib/x.so")]
    [InlineData("app: /lib/libc.so.6: version `GLIBC_2.38' not found (required by app)", KnownMessageKind.SymbolVersion, "GLIBC_2.38", "app")]
    [InlineData("ModuleNotFoundError: No module named 'tensorrt_llm.runtime'", KnownMessageKind.Module, "tensorrt_llm.runtime", "")]
    [InlineData("bash: line 1: nvcc: command not found", KnownMessageKind.Program, "nvcc", "")]
    [InlineData("env: ‘python’: No such file or directory", KnownMessageKind.Program, "python", "")]
    [InlineData("RuntimeError: Triton only support CUDA 10.0 or higher, but got CUDA version: 13.0", KnownMessageKind.Triton, "", "")]
    [InlineData("CUDA Error: no CUDA-capable device is detected", KnownMessageKind.Driver, "", "")]
    [InlineData("Sorry!  You were supposed to get help about:", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("bash: ./app: cannot execute binary file: Exec format error", KnownMessageKind.Format, "", "")]
    internal void Messages_are_known_by_their_words(string line, KnownMessageKind kind, string subject, string by)
    {
        KnownMessage message = KnownMessage.Parse("  " + line + "\r")!;
        Assert.Equal((kind, subject, by), (message.Kind, message.Subject, message.By));
    }

    [Theory]
    [InlineData("")]
    [InlineData("all is well")]
    [InlineData("undefined symbol")]
    [InlineData(": cannot open shared object file")]
    public void Other_lines_say_nothing(string line) => Assert.Null(KnownMessage.Parse(line));

    [Fact]
    public void Random_lines_made_of_the_words_never_fail()
    {
        string[] words = ["undefined symbol: ", ": cannot open shared object file", "version `", "' not found", "(required by ", ")", "No module named '", "'", "Error relocating ", ": symbol not found", " ", "x", ":", "Error loading shared library "];
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
            _ = KnownMessage.Parse(string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[random.Next(words.Length)])));
    }

    [Fact]
    public void A_module_that_another_interpreter_has_is_found()
    {
        root.File("/opt/x/lib/python3.12/site-packages/tensorrt_llm/__init__.py", "");
        Assert.Contains("/opt/x/lib/python3.12/site-packages", Explain("ModuleNotFoundError: No module named 'tensorrt_llm'").Cause);
        Assert.Contains("in no Python directory", Explain("ModuleNotFoundError: No module named 'other'").Cause);
    }

    [Fact]
    public void A_library_is_found_wherever_it_lies()
    {
        root.File("/opt/ucx/lib/libucs.so.0", "").File("/lib/libz.so.2", "");
        Assert.Equal("libucs.so.0 is in /opt/ucx/lib, where the loader did not look", Explain("x: error while loading shared libraries: libucs.so.0: cannot open shared object file").Cause);
        Assert.Equal(["the image has /lib/libz.so.2"], Explain("x: error while loading shared libraries: libz.so.1: cannot open shared object file").Evidence);
    }

    [Fact]
    public void The_same_message_is_answered_once()
    {
        Assert.Single(Explanation.Of(root.Command("true"), "a: command not found\nnothing\na: command not found\n"));
        Assert.Empty(Explanation.Of(root.Command("true"), "nothing\n"));
    }
}
