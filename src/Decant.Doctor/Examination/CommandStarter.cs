using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A command that starts another, as it speaks of one that it cannot start.</summary>
/// <param name="Name">Of the program, without its directory and without links: "dash" for /bin/sh.</param>
/// <param name="Script">The script whose "#!" line made it; null where the command line did.</param>
sealed record CommandStarter(string Name, ScriptLine? Script)
{
    /// <summary>
    /// What the kernel refuses as no program, it gives to a shell, or reads it as one: shells, and all that start programs by execvp(3) of glibc. Open MPI's daemons use execve(2)
    /// (orte/mca/odls/default; src/mca/odls/default of PRRTE).
    /// </summary>
    public bool GivesTextToShell => Name is not ("orterun" or "prterun" or "prte" or "mpirun" or "mpirun.openmpi" or "mpiexec.openmpi");

    /// <summary>The words that it says, without what differs from run to run.</summary>
    /// <param name="program">As it was asked for.</param>
    public string Says(string program, Errno errno) => (Name, errno) switch
    {
        ("bash" or "zsh" or "rbash", Errno.ENOENT) when !program.Contains('/') => $"{program}: command not found",
        ("dash" or "busybox" or "ash" or "sh", Errno.ENOENT) => $"{program}: not found",
        ("bash" or "zsh" or "rbash" or "dash" or "busybox" or "ash" or "sh", _) => $"{program}: {errno.Describe()}",
        ("timeout" or "nohup" or "stdbuf", _) => $"{Name}: failed to run command '{program}': {errno.Describe()}",
        ("env" or "nice", _) => $"{Name}: '{program}': {errno.Describe()}",
        ("xargs", _) => $"xargs: {program}: {errno.Describe()}",
        ("mpirun" or "coreutils", _) => program,
        _ => errno.Describe(),
    };
}
