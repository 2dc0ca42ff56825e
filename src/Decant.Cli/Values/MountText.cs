using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>key=value,… of <c>--mount</c>: docker's bind and tmpfs, and overlay: a directory of the host whose changes are thrown away.</summary>
static class MountText
{
    static readonly string[] Keys =
    [
        "type", "source", "src", "target", "destination", "dst", "readonly", "ro", "bind-propagation",
        "bind-nonrecursive", "bind-recursive", "tmpfs-size", "tmpfs-mode", "consistency",
    ];

    public static MountRequest Parse(string text)
    {
        Fields fields = new();
        foreach (string field in CsvFields.Split(text))
            Read(field, fields);

        MountKind kind = fields.Type switch
        {
            "bind" => MountKind.Bind,
            "tmpfs" => MountKind.Tmpfs,
            "overlay" => MountKind.Overlay,
            null or "volume" => throw new DecantException("a mount of type volume is kept by docker, and decant keeps none", "write type=bind,source=DIR,target=DST"),
            "image" or "npipe" or "cluster" => throw new DecantException($"type={fields.Type} has no counterpart in a native run", "the types are bind, tmpfs and overlay"),
            _ => throw new DecantException($"there is no mount type {PathBytes.Printable(fields.Type)}", "the types are bind, tmpfs and overlay"),
        };
        string target = HostPath.Target(fields.Target ?? throw new DecantException("no target", "add target=DST"));
        if (kind == MountKind.Tmpfs && fields.Source is not null)
            throw new DecantException("a tmpfs has no source");
        if (kind != MountKind.Tmpfs && fields.Source is null)
            throw new DecantException("no source", "add source=DIR");
        if (kind != MountKind.Tmpfs && fields.TmpfsKey is not null)
            throw new DecantException($"{fields.TmpfsKey} is for type=tmpfs");
        if (kind != MountKind.Bind && fields.BindKey is not null)
            throw new DecantException($"{fields.BindKey} is for type=bind");

        return new MountRequest
        {
            Kind = kind,
            Source = fields.Source is null ? null : HostPath.Source(fields.Source),
            Target = target,
            ReadOnly = fields.ReadOnly,
            NonRecursive = fields.NonRecursive,
            Propagation = fields.Propagation,
            // docker mounts each tmpfs so.
            NoExec = kind == MountKind.Tmpfs,
            NoSuid = kind == MountKind.Tmpfs,
            NoDev = kind == MountKind.Tmpfs,
            SizeBytes = fields.Size,
            Mode = fields.Mode ?? TmpfsText.DefaultMode,
            Text = "--mount " + text,
        };
    }

    static void Read(string field, Fields fields)
    {
        int equals = field.IndexOf('=');
        string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
        string? value = equals < 0 ? null : field[(equals + 1)..];
        switch (key)
        {
            case "readonly" or "ro":
                fields.ReadOnly = value is null || CliOption.ParseBoolean(value);
                return;
            case "bind-nonrecursive":
                fields.BindKey = key;
                fields.NonRecursive = value is null || CliOption.ParseBoolean(value);
                return;
            case "volume-nocopy" or "volume-label" or "volume-driver" or "volume-opt" or "volume-subpath" or "image-subpath":
                throw new DecantException($"{key} is for mounts that docker keeps, and decant keeps none", "write type=bind,source=DIR,target=DST");
        }

        if (Array.IndexOf(Keys, key) < 0)
        {
            string? nearest = Suggestion.Nearest(key, Keys);
            throw new DecantException(
                $"there is no mount option {PathBytes.Printable(key)}" + (nearest is null ? "" : $"; did you mean {nearest}?"),
                "decant run --help");
        }

        if (value is null)
            throw new DecantException($"{key} needs a value: {key}=…");
        Read(key, value, fields);
    }

    static void Read(string key, string value, Fields fields)
    {
        switch (key)
        {
            case "type":
                fields.Type = value.ToLowerInvariant();
                break;
            case "source" or "src":
                fields.Source = value;
                break;
            case "target" or "destination" or "dst":
                fields.Target = value;
                break;
            case "bind-propagation":
                fields.BindKey = key;
                fields.Propagation = PropagationText.TryParse(value)
                    ?? throw new DecantException($"there is no propagation {PathBytes.Printable(value)}", "the words are " + string.Join(", ", PropagationText.Words));
                break;
            case "bind-recursive":
                fields.BindKey = key;
                fields.NonRecursive = value switch
                {
                    "enabled" => false,
                    "disabled" => true,
                    "writable" or "readonly" => throw new DecantException($"bind-recursive={value} is not supported", "the values are enabled and disabled; readonly makes the mounts below read-only too"),
                    _ => throw new DecantException($"bind-recursive is enabled or disabled, not {PathBytes.Printable(value)}"),
                };
                break;
            case "tmpfs-size":
                fields.TmpfsKey = key;
                fields.Size = ByteSize.Parse(value);
                break;
            case "tmpfs-mode":
                fields.TmpfsKey = key;
                fields.Mode = TmpfsText.ParseMode(value);
                break;
        }
    }

    sealed class Fields
    {
        public string? Type { get; set; }
        public string? Source { get; set; }
        public string? Target { get; set; }
        public bool ReadOnly { get; set; }
        public bool NonRecursive { get; set; }
        public MountPropagation Propagation { get; set; } = MountPropagation.Private;
        public long? Size { get; set; }
        public uint? Mode { get; set; }

        /// <summary>The last key seen that only tmpfs, or only bind, has.</summary>
        public string? TmpfsKey { get; set; }
        public string? BindKey { get; set; }
    }
}
