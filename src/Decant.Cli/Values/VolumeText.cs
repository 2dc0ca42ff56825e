using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>SRC:DST[:OPTS] of <c>-v</c>; a colon in a path needs <c>--mount</c>, as with docker.</summary>
static class VolumeText
{
    public static MountRequest Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 1)
        {
            throw new DecantException(
                "a volume without a source is docker's anonymous volume, and decant keeps none",
                $"--tmpfs {PathBytes.Printable(text)} gives an empty directory in memory; -v DIR:{PathBytes.Printable(text)} binds one of the host");
        }

        if (parts.Length > 3)
            throw new DecantException("more than SRC:DST:OPTS", "for a path with a colon write --mount type=bind,source=SRC,target=DST");

        bool? readOnly = null;
        MountPropagation? propagation = null;
        foreach (string option in parts.Length == 3 ? parts[2].Split(',') : [])
            Option(option, ref readOnly, ref propagation);

        return new MountRequest
        {
            Kind = MountKind.Bind,
            Source = HostPath.Source(parts[0]),
            Target = HostPath.Target(parts[1]),
            ReadOnly = readOnly ?? false,
            Propagation = propagation ?? MountPropagation.Private,
            CreateSource = true,
            Text = "-v " + text,
        };
    }

    static void Option(string option, ref bool? readOnly, ref MountPropagation? propagation)
    {
        switch (option)
        {
            case "ro" or "rw" when readOnly is null:
                readOnly = option == "ro";
                return;
            case "ro" or "rw":
                throw new DecantException("ro and rw are given more than once");
            // Hints for Docker Desktop's file sharing; docker on Linux takes them and does nothing, which is right here too.
            case "cached" or "delegated" or "consistent":
                return;
            case "z" or "Z":
                throw new DecantException(
                    $"{option} would give the host's files an SELinux label for containers; a native run has the caller's own label",
                    $"leave out {option}");
            case "nocopy":
                throw new DecantException("nocopy is for docker's named volumes, and decant keeps none", "leave out nocopy");
        }

        if (PropagationText.TryParse(option) is not { } wanted)
        {
            throw new DecantException(
                $"there is no volume option {PathBytes.Printable(option)}", "the options are ro, rw, " + string.Join(", ", PropagationText.Words));
        }

        if (propagation is not null)
            throw new DecantException("the propagation is given more than once");
        propagation = wanted;
    }
}
