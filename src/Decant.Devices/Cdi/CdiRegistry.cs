using Decant.Linux;

namespace Decant.Devices;

/// <summary>
/// The specifications of a host. Of a device that several directories have, the last directory's counts; one that two files of one directory have
/// is in conflict and cannot be used, as in the reference library.
/// </summary>
public sealed class CdiRegistry
{
    /// <summary>What administrators write, and what services write at run time.</summary>
    public static IReadOnlyList<string> DefaultDirectories { get; } = ["/etc/cdi", "/var/run/cdi"];

    const int MostFileBytes = 16 << 20;

    readonly IReadOnlyList<string> directories;
    readonly SortedDictionary<string, (CdiSpec Spec, CdiDevice Device, int Rank)> devices = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string One, string Other)> conflicts = new(StringComparer.Ordinal);
    readonly List<(string? Kind, DecantException Error)> errors = [];

    CdiRegistry(IReadOnlyList<string> directories) => this.directories = directories;

    /// <summary>Qualified names of what can be used.</summary>
    public IEnumerable<string> Names => devices.Keys.Where(name => !conflicts.ContainsKey(name));

    /// <summary>Files that are no specifications, each with its place.</summary>
    public IReadOnlyList<DecantException> Errors => errors.ConvertAll(one => one.Error);

    /// <summary>Reads all directories; those that are not there have nothing. What cannot be read is told only to who looks for what it might have had.</summary>
    /// <param name="directories">The last counts most.</param>
    public static CdiRegistry Load(IReadOnlyList<string> directories)
    {
        CdiRegistry registry = new(directories);
        for (int rank = 0; rank < directories.Count; rank++)
            registry.Add(directories[rank], rank);
        return registry;
    }

    /// <exception cref="DecantException">There is none, or two, of this name.</exception>
    public (CdiSpec Spec, CdiDevice Device) Find(CdiName name)
    {
        string text = name.ToString();
        if (conflicts.TryGetValue(text, out (string One, string Other) files))
            throw new DecantException($"two CDI specifications have {text}: {PathBytes.Printable(files.One)} and {PathBytes.Printable(files.Other)}", "remove one of the two files");
        if (devices.TryGetValue(text, out (CdiSpec Spec, CdiDevice Device, int Rank) found))
            return (found.Spec, found.Device);
        // What says that it is of another kind would not have had it.
        if (errors.FirstOrDefault(one => one.Kind is null || one.Kind == name.Kind).Error is { } error)
            throw new DecantException($"no CDI device {text} is known, and a specification cannot be read: {error.Message}", error.Fix ?? "mend the file, or remove it", error);
        string[] others = [.. Names.Where(other => other.StartsWith(name.Kind + "=", StringComparison.Ordinal))];
        string known = others.Length > 0 ? $"of this kind there are {string.Join(", ", others)}"
            : Names.Any() ? $"there are {string.Join(", ", Names)}"
            : $"there is no specification in {string.Join(", ", directories)}";
        throw new DecantException($"no CDI device {text} is known: {known}", name.Kind == "nvidia.com/gpu" ? "--gpus needs no specification; or write one: decant host --cdi" : "the device's vendor has a program that writes its specification to /etc/cdi");
    }

    /// <summary>The edits of several devices: those of each specification once, before the first of its devices.</summary>
    /// <exception cref="DecantException">One of them is not to be had.</exception>
    public CdiEdits Edits(IEnumerable<CdiName> names)
    {
        CdiEdits edits = CdiEdits.None;
        HashSet<CdiSpec> seen = new(ReferenceEqualityComparer.Instance);
        foreach (CdiName name in names)
        {
            (CdiSpec spec, CdiDevice device) = Find(name);
            if (seen.Add(spec))
                edits = edits.With(spec.Edits);
            edits = edits.With(device.Edits);
        }

        return edits;
    }

    void Add(string directory, int rank)
    {
        Errno errno = LinuxFile.TryOpen(null, directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return;
        if (errno != Errno.None)
        {
            errors.Add((null, new LinuxException("open", directory, errno)));
            return;
        }

        List<string> names;
        using (handle)
            names = LinuxFile.Names(handle!, directory);
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal))
                AddFile($"{directory.TrimEnd('/')}/{name}", rank);
        }
    }

    void AddFile(string path, int rank)
    {
        CdiSpec spec;
        string? kind = null;
        try
        {
            FileStatus status = LinuxFile.Status(path, follow: true);
            if (status.IsDirectory)
                return;
            // A pipe would keep decant waiting.
            if (status.Type != FileType.Regular || status.Size > MostFileBytes)
                throw new DecantException($"{PathBytes.Printable(path)} is no file of at most {MostFileBytes >> 20} MiB");
            spec = CdiSpec.Read(LinuxFile.ReadAll(null, path), path, out kind);
        }
        catch (DecantException e)
        {
            errors.Add((kind, e));
            return;
        }

        foreach (CdiDevice device in spec.Devices)
        {
            string name = $"{spec.Kind}={device.Name}";
            if (devices.TryGetValue(name, out (CdiSpec Spec, CdiDevice Device, int Rank) other) && other.Rank == rank)
                conflicts[name] = (other.Spec.Path, path);
            else
                devices[name] = (spec, device, rank);
        }
    }
}
