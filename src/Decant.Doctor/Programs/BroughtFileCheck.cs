using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Whether an image's libc is new enough for what devices bring of the host, as far as a program has that from its start. What a program opens later it may do without, and doctor alone tells of it.
/// </summary>
public static class BroughtFileCheck
{
    /// <summary>Why the command cannot start, where it is for that reason, and doctor has an error of it; null where it starts, or where something else keeps it.</summary>
    /// <param name="brought">Files and directories of the host that devices bring, each with the option that asked, for the message.</param>
    public static DecantException? Refusal(ExaminedCommand command, DoctorHost host, IReadOnlyList<(string Path, string Option)> brought)
    {
        try
        {
            Finding? told = ProgramCheck.Examine(command, host, out LoadedCommand? loaded).FirstOrDefault(finding => finding.Id is "glibc-too-old" or "version-missing");
            if (told is null || loaded is null)
                return null;
            foreach (MissingVersion missing in new ProcessSymbols(loaded.Process).MissingVersions())
            {
                // Of two of the host's, neither is the image's matter.
                if (Option(command, missing.RequiredBy.Path, brought) is not { } option || Option(command, missing.Library.Path, brought) is not null)
                    continue;
                string needing = PathBytes.Printable(missing.RequiredBy.Path);
                return new DecantException(
                    $"{PathBytes.Printable(loaded.Process.Program.Path)} cannot start: {needing}, which {option} brings from the host, needs {PathBytes.Printable(missing.Version)}, and {PathBytes.Printable(missing.Library.Path)} of the image{Release(loaded.Process)} does not have it",
                    $"use an image of a newer system, or leave {option} out");
            }
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            // What cannot be looked into may run all the same.
        }

        return null;
    }

    /// <summary>Which brings a file; null for one of the image.</summary>
    static string? Option(ExaminedCommand command, string path, IReadOnlyList<(string Path, string Option)> brought)
    {
        if (command.View.Resolve(path).HostPath is not { } file)
            return null;
        foreach ((string source, string option) in brought)
        {
            if (file == source || LinuxPath.IsBelow(file, source))
                return option;
        }

        return null;
    }

    static string Release(LoadedProcess process) => process.Settings.Version is { } version ? $", which is of glibc {version}," : "";
}
