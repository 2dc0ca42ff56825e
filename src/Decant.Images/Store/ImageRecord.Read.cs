using System.Runtime.InteropServices;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

sealed partial record ImageRecord
{
    /// <exception cref="DecantException">The file is not what <see cref="ToBytes"/> writes.</exception>
    public static ImageRecord FromBytes(ReadOnlySpan<byte> bytes, string path)
    {
        ReadOnlySpan<byte> rest = bytes;
        try
        {
            return Read(ref rest);
        }
        catch (FormatException e)
        {
            throw new DecantException($"{path}: damaged at byte {bytes.Length - rest.Length}: {e.Message}", "decant fsck --repair, or pull the image again", e);
        }
    }

    static ImageRecord Read(ref ReadOnlySpan<byte> rest)
    {
        if (Line(ref rest) != FirstLine)
            throw new FormatException("not a record of this decant");
        ImageRecord record = new();
        List<string> env = [], entrypoint = [], cmd = [], volumes = [], exposedPorts = [];
        string workingDir = "", user = "", stopSignal = "", label = "";
        Dictionary<string, string>? labels = null;
        for (string line = Line(ref rest); line != LastLine; line = Line(ref rest))
        {
            int space = line.IndexOf(' ');
            string text = space < 0 ? throw new FormatException("a line without a value") : Unescape(line[(space + 1)..]);
            switch (line.AsSpan(0, space))
            {
                case "name": record.Name = text; break;
                case "source": record.Source = text; break;
                case "stamp": record.Stamp = text; break;
                case "manifestType": record.ManifestType = text; break;
                case "manifest": record.Manifest = DigestOf(text); break;
                case "manifestSize": record.ManifestSize = Number(text); break;
                case "config": record.Config = DigestOf(text); break;
                case "platform": record.Platform = text; break;
                case "createdTicks": record.CreatedTicks = Ticks(text); break;
                case "size": record.Size = Number(text); break;
                case "blob": record.Blobs.Add(text); break;
                case "chain": record.Chain.Add(text); break;
                case "env": env.Add(text); break;
                case "entrypoint": entrypoint.Add(text); break;
                case "cmd": cmd.Add(text); break;
                case "workingDir": workingDir = text; break;
                case "user": user = text; break;
                case "stopSignal": stopSignal = text; break;
                case "volume": volumes.Add(text); break;
                case "exposedPort": exposedPorts.Add(text); break;
                case "label": label = text; break;
                case "labelValue": (labels ??= [])[label] = text; break;
                default: throw new FormatException("a name that no record has");
            }
        }

        if (record.Name.Length == 0 || record.Chain.Count == 0 || record.Manifest == default || record.Config == default)
            throw new FormatException("name, manifest, config or chain is missing");
        record.Run = new ImageRunConfig
        {
            Env = ImmutableCollectionsMarshal.AsImmutableArray(env.ToArray()),
            Entrypoint = ImmutableCollectionsMarshal.AsImmutableArray(entrypoint.ToArray()),
            Cmd = ImmutableCollectionsMarshal.AsImmutableArray(cmd.ToArray()),
            WorkingDir = workingDir,
            User = user,
            StopSignal = stopSignal,
            Volumes = ImmutableCollectionsMarshal.AsImmutableArray(volumes.ToArray()),
            ExposedPorts = ImmutableCollectionsMarshal.AsImmutableArray(exposedPorts.ToArray()),
            Labels = labels ?? ImageRunConfig.Empty.Labels,
        };
        return record;
    }

    /// <summary>The next line, which a newline must end.</summary>
    static string Line(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        if (end < 0)
            throw new FormatException("the end is missing");
        string line = PathBytes.Decode(rest[..end]);
        rest = rest[(end + 1)..];
        return line;
    }

    static string Unescape(string text)
    {
        int at = text.IndexOf('\\');
        if (at < 0)
            return text;
        StringBuilder plain = new(text, 0, at, text.Length);
        for (; at < text.Length; at++)
        {
            if (text[at] != '\\')
                plain.Append(text[at]);
            else if (++at < text.Length)
                plain.Append(text[at] switch { 'n' => '\n', '0' => '\0', '\\' => '\\', _ => throw new FormatException("no such escape") });
            else
                throw new FormatException("half an escape");
        }

        return plain.ToString();
    }

    /// <summary>A decimal number; the runtime's own parser looks at cultures first.</summary>
    static long Number(string text)
    {
        long value = 0;
        foreach (char digit in text)
        {
            int unit = digit - '0';
            if (unit is < 0 or > 9 || value > (long.MaxValue - unit) / 10)
                throw new FormatException("not a number");
            value = (value * 10) + unit;
        }

        return text.Length > 0 ? value : throw new FormatException("not a number");
    }

    static long Ticks(string text) => Number(text) is long ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks ? ticks : throw new FormatException("not a date");

    static Digest DigestOf(string text) => Digest.TryParse(text, out Digest digest) ? digest : throw new FormatException("not a digest");
}
