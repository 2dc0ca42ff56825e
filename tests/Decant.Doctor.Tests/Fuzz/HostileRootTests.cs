using System.Diagnostics;
using System.Text;
using CsCheck;
using Decant.Linux;

namespace Decant.Doctor.Tests;

/// <summary>Whatever an image has in the place of what doctor reads: it gives findings or none, comes to an end, and reads nothing beside the root.</summary>
public sealed class HostileRootTests : IDisposable
{
    /// <summary>A reader that waits for a pipe waits for ever; everything else is over in a moment.</summary>
    static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    /// <summary>What the formats are made of, so that some of the nonsense is almost sense.</summary>
    static readonly string[] Words =
    [
        "import ", "from ", " import ", ".", "..", "x", "pkg", "_ext", "(", ")", "\n", "\r\n", "\t", "    ", "try:", "except ImportError:", "raise\n", "\"\"\"", "'", "\\\n", "#", ";",
        "if __PKG_SETUP__:", "else:", "async def f():", "sys.path[0] = 1\n", "exec(", "\0", "\u00ff", "\u00ef\u00bb\u00bf", "home = ", "=", "..\n", "/\n", "//..//..\n", "/opt/more\n", "{", "}", "[",
        "\"cuda\": ", "\"version\": ", "12.9", "99999999999999999999", "CUDA Version ", "\u007fELF", "glibc-ld.so.cache1.1", "ld.so-1.7.0\0",
    ];

    static readonly Gen<string> nonsense = Gen.Int[0, Words.Length - 1].Array[0, 40].Select(chosen => string.Concat(chosen.Select(word => Words[word])));

    readonly HostileRoot root = new();

    public void Dispose() => root.Dispose();

    IReadOnlyList<string> Examine()
    {
        Task<IReadOnlyList<string>> examining = Task.Run(root.Examine);
        Assert.True(examining.Wait(Hang), "it does not come to an end");
        return examining.Result;
    }

    [Fact]
    public void Any_bytes_in_any_file_give_findings_or_nothing()
    {
        string[] files = root.Files;
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, 4], Gen.Int[0, int.MaxValue], Gen.Byte.Array[1, 40], nonsense).Sample((file, way, place, bytes, text) =>
        {
            byte[] seed = root.Content(files[file]);
            // Headers and tables lie at the beginning, and are hit every other time.
            int at = seed.Length == 0 ? 0 : place % (place % 2 == 0 ? seed.Length : Math.Min(seed.Length, 0x900));
            File.WriteAllBytes(root.At(files[file]), way switch
            {
                0 => bytes,
                1 => [.. seed[..at], .. bytes, .. seed[Math.Min(seed.Length, at + bytes.Length)..]],
                2 => seed[..at],
                3 => [.. seed[..at], .. bytes[..1], .. seed[Math.Min(seed.Length, at + 1)..]],
                _ => Encoding.Latin1.GetBytes(text),
            });
            Examine();
            root.Restore(files[file]);
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void A_path_file_beside_the_interpreter_may_say_anything() => nonsense.Sample(text =>
    {
        File.WriteAllText(root.At("/usr/bin/python3.9._pth"), text, Encoding.Latin1);
        Examine();
    }, iter: 30, threads: 1);

    [Fact]
    public void What_is_no_file_is_passed_over_in_the_place_of_any()
    {
        foreach (string path in root.Files)
        {
            foreach (string kind in (string[])["directory", "pipe", "socket", "device", "loop", "huge"])
            {
                root.Remove(path);
                Make(kind, root.At(path));
                Examine();
                if (kind == "directory")
                    Directory.Delete(root.At(path));
                else
                    root.Remove(path);
                root.Restore(path);
            }
        }
    }

    [Fact]
    public void A_link_that_leads_out_of_the_root_leads_nowhere()
    {
        int different = 0;
        IReadOnlyList<string> whole = Examine();
        foreach (string path in root.Files)
        {
            string outside = root.Outside(path);
            string up = string.Concat(Enumerable.Repeat("../", 40)) + outside[1..];
            foreach (string target in (string[])[outside, up])
            {
                root.Remove(path);
                File.CreateSymbolicLink(root.At(path), "nowhere");
                IReadOnlyList<string> without = Examine();
                root.Remove(path);
                File.CreateSymbolicLink(root.At(path), target);
                // The link is told by its own words.
                Assert.Equal(without, Examine().Select(finding => finding.Replace($"-> {target},", "-> nowhere,", StringComparison.Ordinal)));
                root.Remove(path);
                root.Restore(path);
                different += whole.SequenceEqual(without) ? 0 : 1;
            }
        }

        // Or reading the files would show in nothing.
        Assert.InRange(different, 10, int.MaxValue);
    }

    static void Make(string kind, string path)
    {
        switch (kind)
        {
            case "directory":
                Directory.CreateDirectory(path);
                break;
            case "pipe":
                Run("mkfifo", path);
                break;
            case "socket":
                using (System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
                    socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
                break;
            case "device" when Environment.IsPrivilegedProcess:
                // Endless.
                Run("mknod", path, "c", "1", "5");
                break;
            case "huge":
                using (FileStream file = File.Create(path))
                    file.SetLength(1L << 40);
                break;
            default:
                File.CreateSymbolicLink(path, LinuxPath.Name(path));
                break;
        }
    }

    static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
