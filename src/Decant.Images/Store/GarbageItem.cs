namespace Decant.Images;

/// <summary>Something in the store that nothing refers to.</summary>
/// <param name="Kind">Where it lies.</param>
/// <param name="Name">A digest, a chain ID, or the path below the store.</param>
/// <param name="Bytes">What its removal gives back: allocated blocks of files that have no name elsewhere. Zero where it was not measured.</param>
public sealed record GarbageItem(GarbageKind Kind, string Name, long Bytes);
