using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a command can go to the directory in which it is to start another: "env -C", "cd DIR &amp;&amp;", "mpirun -wdir".</summary>
static class StartedDirectory
{
    /// <returns>Null where it can, or stays where it is.</returns>
    public static Finding? Examine(ExaminedCommand outer, ExaminedCommand inner)
    {
        string directory = inner.WorkingDirectory;
        if (directory == outer.WorkingDirectory || ProgramCheck.IsLive(directory))
            return null;
        RootEntry entry = inner.View.Resolve(directory);
        Errno errno = entry.Exists ? entry.Status.IsDirectory ? inner.View.May(entry, FileAccessModes.Execute) ? Errno.None : Errno.EACCES : Errno.ENOTDIR : entry.Errno;
        if (errno == Errno.None)
            return null;
        string printable = PathBytes.Printable(directory);
        return new Finding
        {
            Id = "directory-missing",
            Severity = FindingSeverity.Error,
            Cause = errno == Errno.ENOENT ? $"the command goes to {printable}, which is not in the image" : $"the command cannot go to {printable}: {errno.Describe()}",
            Message = inner.Starter?.Name switch
            {
                "env" => $"env: cannot change directory to '{printable}': {errno.Describe()}",
                "orterun" => "change to the specified working directory:",
                // Of another error than it is, in prterun 3.0.
                var name when name is not null && CommandChain.IsMpiLauncher(name) => "was unable to launch the specified application",
                _ => "cd: ",
            },
            Fix = errno == Errno.EACCES ? $"chmod a+x {printable} in the image" : "name a directory of the image, or one that -v brings in",
        };
    }
}
