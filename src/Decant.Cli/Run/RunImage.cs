using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>IMAGE of a command line: a name of the store, a directory, or a source that is unpacked the first time.</summary>
static class RunImage
{
    public static RootImage Open(ImageStore store, string text, Platform? platform, Configuration configuration)
    {
        if (!ImageSource.IsSource(text))
            return Root(store, Stored(store, text, platform));
        ImageSource source = configuration.Source(text);
        if (source is RootfsSource rootfs)
            return new RootImage(text, [rootfs.Directory], ImageRunConfig.Empty);
        using PullProgress progress = new(quietWhenPresent: true);
        return Root(store, store.FindOrPull(source, platform ?? Platform.Host, progress));
    }

    /// <summary>The image of that name.</summary>
    /// <exception cref="DecantException">There is none, or it is for another platform than asked.</exception>
    public static StoredImage Stored(ImageStore store, string name, Platform? platform = null)
    {
        StoredImage image = store.Find(name) ?? throw Missing(store, name);
        if (platform is not null && !platform.Accepts(image.Platform))
        {
            throw new DecantException(
                $"the image {PathBytes.Printable(name)} is for {image.Platform}, not for {platform}",
                $"decant pull --platform {platform} SOURCE NAME");
        }

        return image;
    }

    static RootImage Root(ImageStore store, StoredImage image) =>
        new(image.Name, image.Layers, image.Config) { Flatten = () => store.Flatten(image.Layers) };

    static DecantException Missing(ImageStore store, string name)
    {
        List<string> names = [];
        foreach (StoredImage image in store.List())
            names.Add(image.Name);
        string printable = PathBytes.Printable(name);
        if (Suggestion.Nearest(name, names) is { } nearest)
            return new DecantException($"no image {printable} in {store.Root}; did you mean {nearest}?", "decant images");
        if (Directory.Exists(name))
            return new DecantException($"no image {printable} in {store.Root}, but a directory", $"write rootfs:{printable} to run from the directory");
        if (File.Exists(name))
            return new DecantException($"no image {printable} in {store.Root}, but a file", $"write docker-archive:{printable}, oci-archive:{printable} or tar:{printable}, as it was made");
        return new DecantException($"no image {printable} in {store.Root}", $"decant pull SOURCE {printable}");
    }
}
