using System.Collections.Immutable;
namespace Decant.Launch;

/// <summary>A place in the new root, resolved when the plan was made.</summary>
/// <param name="Requested">The path as asked for, for messages.</param>
/// <param name="Path">The same without links, as it will be when everything in <paramref name="Missing"/> is made.</param>
/// <param name="ExistingParent">The deepest directory above that exists; "/" at least.</param>
/// <param name="Missing">Names below it that must be made, the last of them a directory or an empty file.</param>
/// <param name="IsDirectory">What is to be mounted there.</param>
sealed record MountTarget(string Requested, string Path, string ExistingParent, ImmutableArray<string> Missing, bool IsDirectory);
