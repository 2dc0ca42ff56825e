using System.Diagnostics;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// <c>decant demo</c>: makes an image of the host's own files, pulls it into a store of its own, runs it with and without
/// root, and looks for what was left behind.
/// </summary>
public static class Demo
{
    /// <summary>An account that every distribution has, and that owns nothing.</summary>
    const string OrdinaryUser = "nobody";

    /// <param name="output">Where the page goes.</param>
    /// <param name="colours">With ANSI colours.</param>
    /// <returns>0 only if all worked and nothing was left behind.</returns>
    /// <exception cref="DecantException">The host has no program that the demo could use.</exception>
    public static int Run(TextWriter output, bool colours)
    {
        long began = Stopwatch.GetTimestamp();
        DemoScreen screen = new(output, colours);
        DemoTraces before = new();
        string work = MakeWork();
        try
        {
            string image = MakeImage(screen, work, out bool python);
            List<DemoUser> users = [.. Users(work)];
            foreach (DemoUser user in users)
            {
                MakeDirectories(user);
                // Through /proc, so that a user who may not enter decant's own directory can start it all the same.
                new DemoRuns(screen, user, "/proc/self/exe", work, python).Run(image);
            }

            screen.Heading("What is left behind");
            Report(screen, DemoTraces.Processes(work), "no process");
            Report(screen, before.NewMounts(work), $"no mount: the host's table has {before.MountCount} entries, as before");
            Report(screen, [.. users.SelectMany(DemoTraces.Files)], "no file in a temporary directory, a home, or the stores' work areas");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        screen.Check(!Directory.Exists(work), $"{work} is removed");
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        screen.Heading(screen.Failures == 0 ? $"All of this worked, in {seconds:F1} s." : $"{screen.Failures} of the checks failed, in {seconds:F1} s. `decant host` tells what this host lacks.");
        return screen.Failures == 0 ? 0 : 1;
    }

    static string MakeImage(DemoScreen screen, string work, out bool python)
    {
        screen.Heading("An image of this host's own files");
        string image = work + "/image";
        long began = Stopwatch.GetTimestamp();
        DemoImage made = new();
        python = made.Python is not null;
        string libraries = python ? $"Python {made.Python!.Version} with its standard library" : "no Python, as this host has none";
        screen.Line($"{made.Programs.Count} programs ({string.Join(' ', made.Programs.Take(6))} …), {libraries},");
        screen.Line($"and the {made.LibraryCount} libraries that this host's loader binds for them");
        long stored = made.Write(image, work);
        screen.Line($"written to {image}, an OCI layout: {made.FileCount} files, {DemoRuns.Megabytes(made.Content)}, {DemoRuns.Megabytes(stored)} compressed, in {DemoRuns.Milliseconds(Stopwatch.GetElapsedTime(began).TotalMilliseconds)}");
        File.WriteAllText(Directory.CreateDirectory(work + "/data").FullName + "/greeting", "from the host\n");
        return image;
    }

    static IEnumerable<DemoUser> Users(string work)
    {
        uint caller = Libc.GetEffectiveUserId();
        if (caller == 0)
        {
            yield return new DemoUser("As root", null, caller, "#", work + "/root");
            yield return new DemoUser($"As an ordinary user ({OrdinaryUser})", OrdinaryUser, Account(OrdinaryUser).Id, "$", work + "/user");
        }
        else
        {
            yield return new DemoUser("As an ordinary user", null, caller, "$", work + "/user");
        }
    }

    /// <summary>Open to every user, as the ordinary one must reach its store and the image.</summary>
    static string MakeWork()
    {
        string work = Directory.CreateTempSubdirectory("decant-demo-").FullName;
        File.SetUnixFileMode(work, (UnixFileMode)0x1ED);
        return work;
    }

    static void MakeDirectories(DemoUser user)
    {
        (uint Id, uint Group)? owner = user.Name is null ? null : Account(user.Name);
        foreach (string directory in (ReadOnlySpan<string>)[user.Directory, user.Store, user.Temporary, user.Home])
        {
            Directory.CreateDirectory(directory);
            if (owner is (uint id, uint group) && LinuxFile.TryChangeOwner(null, directory, id, group) is var errno and not Errno.None)
                throw new LinuxException("chown", directory, errno);
        }
    }

    static (uint Id, uint Group) Account(string name)
    {
        foreach (string line in File.ReadLines("/etc/passwd"))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 3 && fields[0] == name && uint.TryParse(fields[2], out uint id) && uint.TryParse(fields[3], out uint group))
                return (id, group);
        }

        throw new DecantException($"/etc/passwd has no user {name} for the part without root", "run decant demo as an ordinary user");
    }

    static void Report(DemoScreen screen, List<string> left, string nothing) =>
        screen.Check(left.Count == 0, left.Count == 0 ? nothing : "left: " + string.Join(", ", left));
}
