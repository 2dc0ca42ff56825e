namespace Decant.Images;

/// <summary>A manifest or index as a registry sends it, nothing checked yet.</summary>
/// <param name="MediaType">Content-Type without parameters; null where it is missing.</param>
/// <param name="Digest">Docker-Content-Digest; null where it is missing.</param>
sealed record RegistryDocument(byte[] Bytes, string? MediaType, string? Digest);
