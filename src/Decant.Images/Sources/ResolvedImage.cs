namespace Decant.Images;

/// <summary>The manifest that a walk through indexes has led to, and what it names.</summary>
sealed record ResolvedImage(Descriptor Manifest, byte[] ManifestBytes, Descriptor Config, IReadOnlyList<Descriptor> Layers);
