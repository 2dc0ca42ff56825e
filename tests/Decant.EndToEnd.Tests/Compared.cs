using System.Collections.Concurrent;

namespace Decant.EndToEnd.Tests;

/// <summary>One command line, as words of bash, given to docker and to decant.</summary>
public static class Compared
{
    static readonly Lazy<string> directory = new(MakeDirectory);
    static readonly ConcurrentDictionary<string, ProgramResult> seen = new();

    /// <summary>What docker does with the words; asked once for each.</summary>
    public static ProgramResult Docker(string words) => seen.GetOrAdd(words, _ =>
        Run(User.Root, $"/usr/bin/docker -H unix://{Dockerd.Socket} run --rm --network host", words));

    public static ProgramResult Decant(User user, string words)
    {
        TestImages.PulledAll(user);
        return Run(user, $"{Workplace.Decant} run --rm --network host", words);
    }

    /// <summary>Demands the same exit status, output and error.</summary>
    public static void Same(ProgramResult docker, ProgramResult decant)
    {
        if ((docker.ExitCode, docker.Output, docker.Error) != (decant.ExitCode, decant.Output, decant.Error))
            Assert.Fail($"docker:\n{docker}\n\ndecant:\n{decant}");
    }

    static ProgramResult Run(User user, string engine, string words)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["FROM_CALLER"] = "the caller's";
        variables["file"] = $"{directory.Value}/file";
        variables["dir"] = directory.Value;
        return Shell.Run(user, $"{engine} {words}", variables, "some input\n"u8.ToArray());
    }

    static string MakeDirectory()
    {
        string path = Workplace.NewDirectory(User.Root);
        File.WriteAllText($"{path}/file", "a file of the host\n");
        File.WriteAllText($"{path}/env", "# comment\nONE=first\nTWO=second  word\nFROM_CALLER\n\n");
        return path;
    }
}
