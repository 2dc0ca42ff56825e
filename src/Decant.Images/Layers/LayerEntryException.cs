using Decant.Linux;

namespace Decant.Images;

/// <summary>An entry of a layer could not be unpacked; the message names the archive, the entry and its place.</summary>
sealed class LayerEntryException(string subject, TarEntry entry, DecantException why) : DecantException(
    $"{subject}: entry {entry.Number} ({PathBytes.Printable(entry.Name)}), byte {entry.HeaderOffset}: {why.Message}", why.Fix, why);
