using System.Globalization;
using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Images;

/// <summary>An operating system and processor, in the words of image-spec (GOOS, GOARCH): linux/amd64, linux/arm64/v8.</summary>
public sealed record Platform(string Os, string Architecture, string? Variant)
{
    /// <summary>This machine.</summary>
    public static Platform Host { get; } = new("linux", HostArchitecture, null);

    static string HostArchitecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <exception cref="DecantException">The text is not os/arch[/variant].</exception>
    public static Platform Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length is not (2 or 3) || Array.Exists(parts, part => part.Length == 0))
            throw new DecantException($"{PathBytes.Printable(text)} is not a platform", "write os/arch[/variant], such as linux/amd64 or linux/arm64");
        return Of(parts[0], parts[1], parts.Length == 3 ? parts[2] : null);
    }

    /// <summary>With the other names that processors go by replaced by Go's (x86_64, aarch64).</summary>
    public static Platform Of(string os, string architecture, string? variant)
    {
        string arch = architecture switch
        {
            "x86_64" or "x86-64" => "amd64",
            "aarch64" => "arm64",
            _ => architecture,
        };
        return new Platform(os, arch, string.IsNullOrEmpty(variant) ? null : variant);
    }

    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    /// <summary>
    /// Whether an image made for the other platform is what was asked for. A processor of one variant runs the lower
    /// ones; arm64 without a variant is v8, arm is v7; amd64 without a variant takes any, as nothing tells which it is.
    /// </summary>
    public bool Accepts(Platform image)
    {
        if (image.Os != Os || image.Architecture != Architecture)
            return false;
        if (image.Variant == Variant || image.Variant is null)
            return true;
        int? wanted = Level(this);
        int? offered = Level(image);
        if (offered is null)
            return false;
        return wanted is null ? Architecture == "amd64" : offered <= wanted;
    }

    /// <summary>The number of the variant, the customary one where none is given; null where there is none.</summary>
    internal static int? Level(Platform platform)
    {
        string? variant = platform.Variant ?? platform.Architecture switch
        {
            "arm64" => "v8",
            "arm" => "v7",
            _ => null,
        };
        return variant is ['v', .. string digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int level)
            ? level
            : null;
    }
}
