using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Where Open MPI's launchers find a program besides PATH: where --path says, and in the working directory, as the last (opal/util/path.c). Hydra does not.</summary>
static class OpenMpiSearch
{
    /// <param name="launcher">The launcher's own name, links followed.</param>
    /// <returns>The program's path; null where PATH has it, or nothing.</returns>
    public static string? Find(ExaminedCommand command, string launcher, StartedCommand started)
    {
        if (started.Words is not [var name, ..] || name.Contains('/') || launcher.Contains("hydra", StringComparison.Ordinal) || launcher.Contains("mpich", StringComparison.Ordinal))
            return null;
        foreach (string directory in started.SearchPath?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (IsProgram(command, LinuxPath.Join(directory, name)))
                return LinuxPath.Join(directory, name);
        }

        if ((started.Environment["PATH"] ?? "/bin:/usr/bin").Split(':').Any(directory => IsProgram(command, $"{directory}/{name}")))
            return null;
        string here = $"{started.WorkingDirectory.TrimEnd('/')}/{name}";
        return IsProgram(command, here) ? here : null;
    }

    static bool IsProgram(ExaminedCommand command, string path)
    {
        RootEntry entry = command.View.Resolve(path);
        return entry.Exists && entry.Status.IsRegular && command.View.May(entry, FileAccessModes.Execute);
    }
}
