using Decant.Elf;
using Decant.Images;
using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch;

/// <summary>Makes a message of (step, errno).</summary>
static class LaunchFailure
{
    /// <summary>Programs are read whole, as an ELF file names its interpreter anywhere; beyond this only the beginning.</summary>
    const int MaxFileBytes = 64 * 1024 * 1024;

    /// <param name="inRoot">This process has already entered the new root, or may have.</param>
    public static LaunchException Explain(LaunchPlan plan, WalkFailure failure, bool inRoot)
    {
        Errno errno = (Errno)failure.Error;
        if (failure.Step < 0 || failure.Step >= plan.Steps.Length)
            return new LaunchException(LaunchException.Failed, $"start the program: {errno.Describe()}");
        LaunchStep step = plan.Steps[failure.Step];
        if (step is ExecStep exec)
            return ExplainExec(plan, exec, errno, inRoot);
        Advice? advice = AdviceFor(plan, step, errno);
        string text = $"{step.Describe()}: {errno.Describe()}";
        return advice is null
            ? new LaunchException(LaunchException.Failed, text)
            : new LaunchException(LaunchException.Failed, $"{text}: {advice.Cause}", advice.Fix);
    }

    public static LaunchException ExplainClone(LaunchPlan plan, Errno errno) => ExplainUserNamespace(plan.Steps[0].Describe(), errno);

    /// <param name="purpose">What needed a user namespace.</param>
    public static LaunchException ExplainUserNamespace(string purpose, Errno errno)
    {
        Advice advice = UserNamespaceAdvice.For(errno, UserNamespaceFacts.Probe());
        return new LaunchException(LaunchException.Failed, $"{purpose}: {errno.Describe()}: {advice.Cause}", advice.Fix);
    }

    static Advice? AdviceFor(LaunchPlan plan, LaunchStep step, Errno errno) => step switch
    {
        RootStep when errno == Errno.ENOENT => new Advice("the image was removed at this moment", null),
        RootStep { HasUpper: true } root => ForRoot(plan, root, errno),
        OverlayStep overlay when errno == Errno.EINVAL && plan.Mapping is not null && LockedMounts.Below([overlay.Source]) is { } mount =>
            new Advice(mount.Cause, "overlay a directory without mounts below it, or run decant as root"),
        FileSystemStep or PropagationStep when plan.Mapping is not null => UserNamespaceAdvice.ForMount(errno, UserNamespaceFacts.Probe()),
        NamespacesStep => UserNamespaceAdvice.For(errno, UserNamespaceFacts.Probe()),
        WorkingDirectoryStep when errno == Errno.EXDEV => new Advice("it lies outside the root", null),
        FileStep or DirectoryStep when errno is Errno.EEXIST or Errno.EISDIR or Errno.ENOTDIR or Errno.ELOOP =>
            new Advice("an earlier run of this name left something else there", "decant rm the named run, and start it anew"),
        IdentityStep when errno == Errno.EINVAL && plan.Mapping is { } mapping =>
            new Advice($"the user namespace maps no such user or group ({mapping.Describe()})", "name one of these, or have larger ranges in /etc/subuid and /etc/subgid"),
        IdentityStep { User: var user } when errno == Errno.EINVAL =>
            new Advice($"the user namespace that decant runs in maps no such user or group as {user.Uid}:{user.Gid}", "choose one that /proc/self/uid_map and /proc/self/gid_map have, as by --user 0:0, or run decant outside of it"),
        IdentityStep when errno == Errno.EPERM =>
            new Advice("decant runs as uid 0 without root's right to become other users and groups (CAP_SETUID, CAP_SETGID)", "leave it these rights, as docker does without --cap-drop, or run decant as an ordinary user"),
        LimitsStep when errno == Errno.EPERM => new Advice("the caller's own hard limit is lower, and only CAP_SYS_RESOURCE raises it", "give a hard limit of at most ulimit -H's"),
        _ => null,
    };

    static Advice ForRoot(LaunchPlan plan, RootStep root, Errno errno)
    {
        bool readOnly = Find<ReadOnlyRootStep>(plan) is not null;
        if (errno == Errno.EINVAL && plan.Mapping is not null && LockedMounts.Below(root.Layers.AsSpan()) is { } mount)
        {
            string copy = $"copy the directory into the store: decant pull rootfs:{PathBytes.Printable(root.Layers[0])} NAME; or run decant as root";
            return new Advice(mount.Cause, readOnly ? copy : $"{OverlayAdvice.Instead}; or {copy}");
        }

        return OverlayAdvice.For(errno, OverlayFacts.Probe(new HostFiles()), UserNamespaceFacts.Probe(), readOnly);
    }

    static LaunchException ExplainExec(LaunchPlan plan, ExecStep exec, Errno errno, bool inRoot)
    {
        string command = plan.Arguments[0];
        string shown = PathBytes.Printable(command);
        string? path = null;
        byte[] file = [];
        foreach (string candidate in exec.Candidates())
        {
            if (TryReadProgram(plan.View, candidate, inRoot, out file))
            {
                path = candidate;
                break;
            }
        }

        if (path is null)
        {
            return errno == Errno.EACCES
                ? new LaunchException(LaunchException.NotExecutable, $"{shown}: {errno.Describe()}")
                : new LaunchException(LaunchException.NotFound, command.Contains('/')
                    ? $"{shown}: {errno.Describe()}"
                    : $"{shown}: executable file not found in the image's PATH ({PathBytes.Printable(plan.Environment["PATH"] ?? "")})");
        }

        return errno switch
        {
            // The file is there, so what is missing is what it needs to start (execve(2), ENOENT).
            Errno.ENOENT => new LaunchException(LaunchException.NotFound, $"{PathBytes.Printable(path)}: its interpreter {Interpreter(file, path)} is not in the image"),
            Errno.ENOEXEC => new LaunchException(LaunchException.NotExecutable, $"{PathBytes.Printable(path)}: {errno.Describe()}: {Kind(file, path)}"),
            Errno.EACCES => new LaunchException(LaunchException.NotExecutable, $"{PathBytes.Printable(path)}: {errno.Describe()}{WhyDenied(plan, path, inRoot)}"),
            Errno.E2BIG => new LaunchException(LaunchException.NotExecutable, $"{shown}: {errno.Describe()}: arguments and environment together are too long"),
            _ => new LaunchException(LaunchException.NotExecutable, $"{PathBytes.Printable(path)}: {errno.Describe()}"),
        };
    }

    /// <summary>A file system mounted noexec denies execution in a bind of it, not in an overlay of it: that is a mount of its own.</summary>
    static string WhyDenied(LaunchPlan plan, string path, bool inRoot)
    {
        string? file = inRoot ? path : plan.View.Resolve(path).HostPath;
        bool overlaid = !inRoot && Find<RootStep>(plan) is { HasUpper: true } root && root.Layers.Any(layer => file!.StartsWith(layer + "/", StringComparison.Ordinal));
        return file is not null && !overlaid && LinuxFile.FileSystem(file).NoExec
            ? $": {PathBytes.Printable(file)} lies on a file system mounted noexec; remount it exec, or take the program from elsewhere"
            : "";
    }

    static T? Find<T>(LaunchPlan plan)
        where T : LaunchStep
    {
        foreach (LaunchStep step in plan.Steps)
        {
            if (step is T found)
                return found;
        }

        return null;
    }

    static bool TryReadProgram(RootView view, string path, bool inRoot, out byte[] content)
    {
        content = [];
        string? file = path;
        if (!inRoot)
        {
            RootEntry entry = view.Resolve(path);
            file = entry.Exists && entry.Status.IsRegular ? entry.HostPath : null;
        }

        // Never a pipe or device of the image's: opening or reading one could wait for ever.
        if (file is null || LinuxFile.TryStatus(null, file, follow: inRoot, out FileStatus status) != Errno.None || !status.IsRegular)
            return false;
        if (LinuxFile.TryOpen(null, file, OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0, out SafeFileHandle? open) != Errno.None)
            return true;
        using (open)
        {
            byte[] buffer = new byte[Math.Min(status.Size, MaxFileBytes)];
            content = buffer[..RandomAccess.Read(open!, buffer, 0)];
        }

        return true;
    }

    /// <summary>From the "#!" line, or the ELF file's PT_INTERP.</summary>
    static string Interpreter(byte[] file, string path)
    {
        if (ScriptLine.Parse(path, file) is { } script)
            return PathBytes.Printable(script.Interpreter) + (script.Interpreter.EndsWith('\r') ? " (with the carriage return of a line end of Windows)" : "");
        return TryParse(file, path)?.Interpreter is { } interpreter ? PathBytes.Printable(interpreter) : "(none named)";
    }

    /// <summary>What a file that the kernel does not execute is.</summary>
    static string Kind(byte[] file, string path) => TryParse(file, path) is { } elf
        ? $"it is a program for {elf.Machine}, {elf.Class}"
        : file.AsSpan().StartsWith("\ufeff#!"u8) ? "a byte-order mark stands before its #!" : "it is neither a program nor a script that begins with #!";

    static ElfFile? TryParse(byte[] file, string path)
    {
        try
        {
            return ElfFile.HasMagic(file) ? ElfFile.Parse(file, path) : null;
        }
        catch (ElfFormatException)
        {
            // A damaged file: the kernel's own error is all there is to say.
            return null;
        }
    }
}
