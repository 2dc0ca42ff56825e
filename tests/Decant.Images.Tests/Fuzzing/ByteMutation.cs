using System.Text;

namespace Decant.Images.Tests;

/// <summary>Damages bytes the way hostile and broken files are damaged.</summary>
static class ByteMutation
{
    const int Block = 512;

    static readonly string[] names = ["..", ".", "/", "../victim/hello", "/victim", "a", "d", "d/a", ".wh.", ".wh..", ".wh.a", ".wh..wh..opq", "d/.wh..wh..opq", "link", "link/a", "", "./", "a/../../b", "proc/self/cwd"];
    static readonly (int Offset, int Length)[] fields = [(100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (329, 8), (337, 8), (386, 12), (398, 12), (483, 12)];
    static readonly long[] numbers = [0, 1, 511, 512, 513, -1, long.MaxValue, long.MinValue, uint.MaxValue, 1L << 32, int.MaxValue];

    /// <summary>A tar changed in one to six places; most changed headers get a right checksum, so that the damage reaches what lies behind it.</summary>
    public static byte[] OfTar(byte[] tar, IReadOnlyList<byte[]> others, Random random)
    {
        List<byte> bytes = [.. tar];
        for (int count = random.Next(1, 7); count > 0; count--)
            Change(bytes, others, random);
        if (random.Next(8) == 0 && bytes.Count > 0)
            bytes.RemoveRange(random.Next(bytes.Count), 1);
        if (random.Next(8) == 0)
            bytes = bytes[..random.Next(bytes.Count + 1)];
        return [.. bytes];
    }

    static void Change(List<byte> bytes, IReadOnlyList<byte[]> others, Random random)
    {
        if (bytes.Count < Block)
            bytes.AddRange(new byte[Block]);
        int block = random.Next(bytes.Count / Block) * Block;
        switch (random.Next(9))
        {
            case 0:
                bytes[block + random.Next(Block)] = (byte)random.Next(256);
                return;
            case 1:
                bytes[block + random.Next(Block)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                Put(bytes, block + (random.Next(3) == 0 ? 157 : 0), Encoding.ASCII.GetBytes(names[random.Next(names.Length)] + "\0"));
                break;
            case 3:
                bytes[block + 156] = (byte)"01234567xgLKSDVMN\0"[random.Next(18)];
                break;
            case 4:
                PutNumber(bytes, block, random);
                break;
            case 5:
                bytes.InsertRange(block, bytes.GetRange(random.Next(bytes.Count / Block) * Block, Block));
                return;
            case 6:
                byte[] other = others[random.Next(others.Count)];
                int from = random.Next((other.Length / Block) + 1) * Block;
                bytes.InsertRange(block, other.AsSpan(from, Math.Min(other.Length - from, random.Next(1, 4) * Block)).ToArray());
                return;
            case 7:
                bytes.RemoveRange(block, Block);
                return;
            default:
                bytes[block + random.Next(160)] = (byte)"0123456789/.= \n\0"[random.Next(16)];
                break;
        }

        Mend(bytes, block, random);
    }

    static void PutNumber(List<byte> bytes, int block, Random random)
    {
        (int offset, int length) = fields[random.Next(fields.Length)];
        long number = numbers[random.Next(numbers.Length)];
        byte[] field = new byte[length];
        Array.Fill(field, (byte)(number < 0 ? 0xff : 0));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(field.AsSpan(length - 8), number);
        field[0] |= 0x80;
        Put(bytes, block + offset, field);
    }

    static void Put(List<byte> bytes, int at, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < value.Length && at + i < bytes.Count; i++)
            bytes[at + i] = value[i];
    }

    static void Mend(List<byte> bytes, int block, Random random)
    {
        if (random.Next(12) == 0)
            return;
        for (int i = 148; i < 156; i++)
            bytes[block + i] = (byte)' ';
        int sum = 0;
        for (int i = 0; i < Block; i++)
            sum += bytes[block + i];
        Put(bytes, block + 148, Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 "));
    }

    /// <summary>Text changed in one to four places by bits, bytes of JSON, repetition and cutting.</summary>
    public static byte[] OfText(byte[] text, Random random)
    {
        List<byte> bytes = [.. text];
        for (int count = random.Next(1, 5); count > 0 && bytes.Count > 0; count--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)"{}[]\",:0-9e.\\nul/@_"[random.Next(19)]; break;
                case 3: bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 20))); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 200)))); break;
                case 5: bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"\\9 "[random.Next(6)], random.Next(1, 2000))); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(((string[])["null", "-1", "1e400", "9223372036854775808", "true", "\"\\ud800\"", "{}", "[]", "\"\"", "\u0000"])[random.Next(10)])); break;
            }
        }

        return [.. bytes];
    }
}
