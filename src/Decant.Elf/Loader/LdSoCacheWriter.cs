using System.Buffers.Binary;
using System.Text;

namespace Decant.Elf;

/// <summary>Writes ld.so.cache in the format "glibc-ld.so.cache1.1", which every glibc since 2.2 reads (elf/cache.c, sysdeps/generic/dl-cache.h).</summary>
public static class LdSoCacheWriter
{
    const int HeaderSize = 48;
    const int EntrySize = 24;
    const uint ExtensionMagic = 0xeaa42174;
    const uint HwcapsTag = 1;

    /// <summary>The entries of a cache with others in front of all that have their sonames.</summary>
    /// <param name="cache">Null for none.</param>
    /// <param name="added">Soname and path.</param>
    /// <param name="flags">Of the added: <see cref="LdSoCache.FlagsFor"/>.</param>
    /// <param name="bigEndian">The byte order of the machine.</param>
    public static byte[] With(LdSoCache? cache, IReadOnlyList<(string Soname, string Path)> added, uint flags, bool bigEndian = false)
    {
        HashSet<string> replaced = new(added.Select(one => one.Soname), StringComparer.Ordinal);
        List<LdSoCacheEntry> entries = [.. (cache?.Entries ?? []).Where(entry => entry.Flags != flags || !replaced.Contains(entry.Soname)), .. added.Select(one => new LdSoCacheEntry(one.Soname, one.Path, flags, 0, null))];
        // The loader halves its way through, from the last name to the first; those of one name stay in their order.
        return Write([.. entries.Select((entry, index) => (entry, index)).OrderBy(one => one, Comparer<(LdSoCacheEntry Entry, int Index)>.Create(Compare)).Select(one => one.entry)], bigEndian);
    }

    static int Compare((LdSoCacheEntry Entry, int Index) one, (LdSoCacheEntry Entry, int Index) other)
    {
        int names = CompareNames(other.Entry.Soname, one.Entry.Soname);
        return names != 0 ? names : one.Index.CompareTo(other.Index);
    }

    /// <summary>_dl_cache_libcmp: digits that stand together are a number.</summary>
    internal static int CompareNames(string one, string other)
    {
        int i = 0, j = 0;
        while (i < one.Length)
        {
            if (char.IsAsciiDigit(one[i]))
            {
                if (j >= other.Length || !char.IsAsciiDigit(other[j]))
                    return 1;
                int first = Number(one, ref i), second = Number(other, ref j);
                if (first != second)
                    return first.CompareTo(second);
                continue;
            }

            if (j < other.Length && char.IsAsciiDigit(other[j]))
                return -1;
            if (j >= other.Length || one[i] != other[j])
                return one[i].CompareTo(j < other.Length ? other[j] : '\0');
            i++;
            j++;
        }

        return j < other.Length ? -1 : 0;
    }

    /// <summary>An int of C, which overflows without a word.</summary>
    static int Number(string text, ref int at)
    {
        int number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            number = unchecked((number * 10) + (text[at] - '0'));
        return number;
    }

    static byte[] Write(LdSoCacheEntry[] entries, bool bigEndian)
    {
        string[] hwcaps = [.. entries.Select(entry => entry.Hwcaps).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        using MemoryStream strings = new();
        Dictionary<string, uint> places = new(StringComparer.Ordinal);
        int stringsAt = HeaderSize + (entries.Length * EntrySize);
        uint Place(string text)
        {
            if (places.TryGetValue(text, out uint known))
                return known;
            uint place = (uint)(stringsAt + strings.Length);
            strings.Write(Encoding.UTF8.GetBytes(text));
            strings.WriteByte(0);
            places.Add(text, place);
            return place;
        }

        byte[] head = new byte[stringsAt];
        Writer writer = new(head, bigEndian);
        "glibc-ld.so.cache1.1"u8.CopyTo(head);
        writer.U32(20, (uint)entries.Length);
        // cache_file_new_flags_endian_big or _little.
        head[28] = bigEndian ? (byte)3 : (byte)2;
        for (int i = 0; i < entries.Length; i++)
        {
            int at = HeaderSize + (i * EntrySize);
            writer.U32(at, entries[i].Flags);
            writer.U32(at + 4, Place(entries[i].Soname));
            writer.U32(at + 8, Place(entries[i].Path));
            ulong hwcap = entries[i].Hwcaps is { } name ? (entries[i].Hwcap & ~0xffff_fffful) | (uint)Array.IndexOf(hwcaps, name) : entries[i].Hwcap;
            writer.U64(at + 16, hwcap);
        }

        uint[] names = Array.ConvertAll(hwcaps, Place);
        writer.U32(24, (uint)strings.Length);
        if (hwcaps.Length == 0)
            return [.. head, .. strings.ToArray()];
        int extension = (stringsAt + (int)strings.Length + 3) & ~3;
        writer.U32(32, (uint)extension);
        byte[] tail = new byte[24 + (hwcaps.Length * 4)];
        Writer behind = new(tail, bigEndian);
        behind.U32(0, ExtensionMagic);
        behind.U32(4, 1);
        behind.U32(8, HwcapsTag);
        behind.U32(16, (uint)extension + 24);
        behind.U32(20, (uint)(hwcaps.Length * 4));
        for (int i = 0; i < names.Length; i++)
            behind.U32(24 + (i * 4), names[i]);
        return [.. head, .. strings.ToArray(), .. new byte[extension - stringsAt - strings.Length], .. tail];
    }

    readonly struct Writer(byte[] bytes, bool bigEndian)
    {
        public void U32(int at, uint value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        }

        public void U64(int at, ulong value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
        }
    }
}
