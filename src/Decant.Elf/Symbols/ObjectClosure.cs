using System.Globalization;
using System.Numerics;

namespace Decant.Elf;

/// <summary>
/// An object with all that it needs, directly or not, in one process. What it finds there it finds in every process in which its needs are bound to
/// the same files, whatever else is loaded: more objects never take a symbol away. So most symbols are bound once for a root and not once for each program.
/// </summary>
sealed class ObjectClosure
{
    readonly HashSet<LoadedObject> members = [];

    public ObjectClosure(LoadedObject root)
    {
        Stack<LoadedObject> rest = new([root]);
        ulong sum = 0, mixed = 0;
        while (rest.TryPop(out LoadedObject? member))
        {
            if (!members.Add(member))
                continue;
            // Of the files as a set, in whatever order they were met.
            ulong hash = Mix((member.File.Identity.Device * 0x9e3779b97f4a7c15) ^ member.File.Identity.Inode);
            sum += hash;
            mixed ^= Mix(hash);
            foreach (LibraryLookup lookup in member.Lookups)
            {
                if (lookup.Object is { } needed)
                    rest.Push(needed);
            }
        }

        Key = string.Create(CultureInfo.InvariantCulture, $"{members.Count:x}.{sum:x16}{mixed:x16}");
    }

    public IEnumerable<LoadedObject> Members => members;

    /// <summary>The same for the same files: 128 bits of hash.</summary>
    public string Key { get; }

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * 0xd6e8feb86659fd93;
        return BitOperations.RotateLeft(value ^ (value >> 29), 23) * 0xff51afd7ed558ccd;
    }
}
