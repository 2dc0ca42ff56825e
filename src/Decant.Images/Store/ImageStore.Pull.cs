using Decant.Linux;

namespace Decant.Images;

public sealed partial class ImageStore
{
    /// <summary>Reads an image into the store and gives it a name (null: the one that the source suggests), replacing what had it.</summary>
    /// <exception cref="DecantException">The source is not what it says, is not for this platform, or cannot be read.</exception>
    public StoredImage Pull(ImageSource source, string? name, Platform platform, IPullProgress progress)
    {
        if (name is not null)
            ImageName.Check(name);
        return Pull(source, image => name ?? Suggested(image), stamp: null, platform, progress);
    }

    /// <summary>
    /// The image of a source that is used directly, kept under the source's text as name. The source is not read again
    /// while its file is the same (device, inode, size, time of change).
    /// </summary>
    public StoredImage FindOrPull(ImageSource source, Platform platform, IPullProgress progress)
    {
        string? stamp = source.Stamp();
        if (stamp is not null && FindRecord(source.Text) is ImageRecord record && record.Stamp == stamp)
        {
            StoredImage image = record.ToStoredImage(Root);
            if (platform.Accepts(image.Platform))
                return image;
        }

        return Pull(source, _ => source.Text, stamp, platform, progress);
    }

    static string Suggested(SourceImage image)
    {
        const string Fix = "give it one: decant pull SOURCE NAME";
        if (image.SuggestedName is null)
            throw new DecantException($"{image.Text}: the image brings no name", Fix);
        try
        {
            return ImageName.Check(image.SuggestedName);
        }
        catch (DecantException e)
        {
            throw new DecantException($"{image.Text}: {e.Message}", Fix, e);
        }
    }

    StoredImage Pull(ImageSource source, Func<SourceImage, string> naming, string? stamp, Platform platform, IPullProgress progress)
    {
        ImageRecord record;
        source.Limits = Limits;
        int kept = 0;
        try
        {
            record = Store(source, naming, stamp, platform, progress, ref kept);
        }
        catch (Exception e) when (!IsRegistryFailure(e))
        {
            DecantException? explained = StoreFailure.Explain(e, Root);
            // What was fetched of an image that is not what it says is nobody's; and where room is what is missing, it makes some.
            if (kept > 0 || explained is not null)
                TryToCollect();
            if (explained is not null)
                throw explained;
            throw;
        }

        try
        {
            // What the name meant before may be nobody's now.
            Collect();
        }
        catch (DecantException e)
        {
            progress.Warn($"{record.Name} is in the store, but what nobody needs any more could not be removed: {e.Message}");
        }

        return record.ToStoredImage(Root);
    }

    /// <summary>The registry, or the way to it, was the trouble: another try may find it mended.</summary>
    static bool IsRegistryFailure(Exception e) => e is RegistryException || e.InnerException is RegistryException;

    void TryToCollect()
    {
        try
        {
            Collect();
        }
        catch (DecantException)
        {
            // Why the pull failed matters more.
        }
    }

    ImageRecord Store(ImageSource source, Func<SourceImage, string> naming, string? stamp, Platform platform, IPullProgress progress, ref int kept)
    {
        using (BeginWork())
        using (ScratchDirectory scratch = new(Root + "/tmp"))
        using (SourceImage image = source.Open(platform, scratch.Path))
        {
            string name = naming(image);
            foreach (string note in image.Notes)
                progress.Warn(note);
            using ImagePull pull = new(this, image, scratch.Path, progress);
            try
            {
                pull.Read();
            }
            catch (Exception e)
            {
                kept = IsRegistryFailure(e) ? pull.KeepArrived() : pull.KeptLayers;
                if (kept > 0 && IsRegistryFailure(e))
                    progress.Warn($"{kept} of {image.Layers.Count} layers were fetched and are kept for the next try; decant gc removes them");
                throw;
            }

            pull.Commit();
            // Also for what was there already: another pull may have put it there this moment and ended before it synced.
            foreach (string directory in (string[])["layers", "blobs/sha256", "blobs/sha512"])
                DurableFile.SyncDirectory($"{Root}/{directory}");
            ImageRecord record = ImageRecord.Of(name, image, platform, stamp);
            using (Lock("index.lock", exclusive: true))
            {
                DurableFile.Write(Root + "/tmp", RefPath(name), record.ToBytes());
                WriteIndex();
            }

            return record;
        }
    }
}
