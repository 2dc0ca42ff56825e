using Decant.Images;

namespace Decant.Cli;

/// <summary>An image of the store in a report; sizes in bytes, times in RFC 3339.</summary>
sealed record ImageReport(string Name, string Source, string Digest, string Platform, long SizeBytes, DateTimeOffset? Created)
{
    public static ImageReport Of(StoredImage image) =>
        new(image.Name, image.Source, image.Manifest.Digest.ToString(), image.Platform.ToString(), image.SizeBytes, image.Created);
}
