using System.Collections.Immutable;

namespace Decant.Launch;

/// <summary>Who the program runs as, as the image's own <see cref="AccountFiles"/> have it.</summary>
/// <param name="Name">null where the image's passwd has no entry for the uid.</param>
/// <param name="Home">As the entry says; "/" without one, as docker's.</param>
/// <param name="Groups">Supplementary groups, with the primary one first, as docker sets them.</param>
public sealed record ImageUser(uint Uid, uint Gid, string? Name, string Home, ImmutableArray<uint> Groups);
