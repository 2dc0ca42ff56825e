using Decant.Images;

namespace Decant.Cli;

/// <summary>Something that nothing in the store refers to.</summary>
sealed record GarbageItemReport(string Kind, string Name, long Bytes)
{
    public static GarbageItemReport Of(GarbageItem item) => new(item.Kind.ToString().ToLowerInvariant(), item.Name, item.Bytes);
}
