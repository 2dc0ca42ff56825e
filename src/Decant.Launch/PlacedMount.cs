using Decant.Linux;

namespace Decant.Launch;

/// <summary>A mount that was asked for, among others.</summary>
/// <param name="Target">Its path inside the root, without a slash at the end: empty for the root.</param>
/// <param name="Place">Where the image's links lead from there, before any of them is mounted.</param>
readonly record struct PlacedMount(MountRequest Mount, string Target, string Place)
{
    public int Depth => Target.AsSpan().Count('/');

    /// <summary>Whether it would hide the other if it came later.</summary>
    public bool GoesBefore(PlacedMount other) =>
        LinuxPath.IsBelow(other.Target, Target) || (!LinuxPath.IsBelow(Target, other.Target) && LinuxPath.IsBelow(other.Place, Place));
}
