using System.Buffers.Binary;
using Decant.Linux;
using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Owners, modes, times, devices and attributes, ordinary and at the edges of their numbers.</content>
static partial class CorpusCases
{
    static void Metadata(List<CorpusCase> cases)
    {
        const string Pax = "IEEE Std 1003.1, pax";
        cases.Applies("mode-bits", "set-id and sticky bits", Spec,
            [New.File("suid", "x", 0x9ed).File("sgid", "x", 0x5ed).Directory("sticky", 0x3ff).Directory("sgid-dir", 0x5ed).File("sgid-dir/f", "x").File("none", "x", 0)],
            File("suid", "x", 0x9ed), File("sgid", "x", 0x5ed), CorpusEntry.Directory("sticky", 0x3ff), CorpusEntry.Directory("sgid-dir", 0x5ed), File("sgid-dir/f", "x"), File("none", "x", 0));
        cases.Applies("mode-with-file-type", "old archives have the file's type in the mode", "v7", [New.Add('0', "a", content: "x"u8.ToArray(), mode: 0x81a4)], File("a", "x"));
        cases.Applies("owners", "owners in octal, in base 256 and in pax", "GNU tar's manual; " + Pax,
            [New.Add('0', "octal", uid: 1234).AddBlock(With(Header("base256"), 108, 8, 4_000_000_000)).Pax(("uid", "4294967294"u8.ToArray()), ("gid", "77"u8.ToArray())).File("pax")],
            File("octal") with { Uid = 1234, Gid = 1234 }, File("base256") with { Uid = 4_000_000_000, Gid = 0 }, File("pax") with { Uid = 4294967294, Gid = 77 });
        cases.Refuses("owner-minus-one", "uid 4294967295, which means no change to chown(2)", "chown(2); user_namespaces(7): INVALID_UID", New.Pax(("uid", "4294967295"u8.ToArray())).File("a"));
        cases.Refuses("owner-above-32-bits", "uid 4294967296 would be root's when cut", "uid_t has 32 bits", New.Pax(("uid", "4294967296"u8.ToArray())).File("a"));
        cases.Refuses("owner-above-32-bits-base256", "the same in base 256", "uid_t has 32 bits", New.AddBlock(With(Header("a"), 108, 8, 1L << 32)));
        cases.Refuses("owner-negative", "uid -1 in pax", "uid_t has no sign", New.Pax(("uid", "-1"u8.ToArray())).File("a"));
        cases.Refuses("owner-negative-base256", "uid -2 in base 256", "uid_t has no sign", New.AddBlock(With(Header("a"), 108, 8, -2)));
        cases.Refuses("owner-not-a-number", "a uid that is a name", Pax, New.Pax(("uid", "root"u8.ToArray())).File("a"));
        cases.Applies("times", "times with nanoseconds, before 1970 and far away", Pax,
            [New.Pax(("mtime", "981173106.123456789"u8.ToArray())).File("a").Pax(("mtime", "-1.5"u8.ToArray())).File("b").Pax(("mtime", "4000000000"u8.ToArray())).Directory("c").File("c/d").Pax(("mtime", "7.25"u8.ToArray())).Link("e", "a")],
            File("a") with { Modified = new UnixTime(981173106, 123456789) }, File("b") with { Modified = new UnixTime(-2, 500_000_000) },
            CorpusEntry.Directory("c") with { Modified = new UnixTime(4_000_000_000, 0) }, File("c/d"), Link("e", "a") with { Modified = new UnixTime(7, 250_000_000) });
        cases.Applies("times-of-directories", "a directory keeps its time though later entries change it", Spec,
            [New.Pax(("mtime", "123"u8.ToArray())).Directory("d").File("d/a").File("d/b").HardLink("d/c", "d/a"), New.File("d/.wh.b").Pax(("mtime", "124"u8.ToArray())).Directory("e").Directory("e/f")],
            CorpusEntry.Directory("d") with { Modified = new UnixTime(123, 0) }, File("d/a"), Same("d/c", "d/a"), CorpusEntry.Directory("e") with { Modified = new UnixTime(124, 0) }, CorpusEntry.Directory("e/f"));
        cases.Either("time-extreme", "a time of 2^63 - 1 seconds", "file systems clamp it", [New.Pax(("mtime", "9223372036854775807"u8.ToArray())).File("a")], File("a"));
        cases.Either("time-extreme-negative", "a time of -2^62 seconds in base 256", "file systems clamp it", [New.AddBlock(With(Header("a"), 136, 12, -(1L << 62)))], File("a"));
        cases.Refuses("time-above-64-bits", "a time that 64 bits do not hold", Pax, New.Pax(("mtime", "99999999999999999999"u8.ToArray())).File("a"));
        cases.Refuses("time-not-a-number", "a time in words", Pax, New.Pax(("mtime", "1e9"u8.ToArray())).File("a"));
        cases.Applies("devices", "character and block devices and a pipe", Spec,
            [New.Add('3', "null", device: (1, 3), mode: 0x1b6).Add('4', "disk", device: (259, 70000)).Add('6', "pipe")],
            new CorpusEntry("null", "character device") { Mode = 0x1b6, Device = (1, 3) }, new CorpusEntry("disk", "block device") { Mode = 0x1a4, Device = (259, 70000) }, Fifo("pipe"));
        foreach ((string name, int offset, long number) in (ReadOnlySpan<(string, int, long)>)[
            ("device-major-above-32-bits", 329, 1L << 32), ("device-minor-above-32-bits", 337, 1L << 32), ("device-major-negative", 329, -1), ("device-minor-negative", 337, -1),
            ("device-major-above-kernel", 329, 4096), ("device-minor-above-kernel", 337, 1 << 20)])
        {
            cases.Refuses(name, $"a device number {number}, which the kernel cannot hold: cut, it could be 0:0, a whiteout", "go-archive TestHandleTarTypeBlockCharFifoDeviceRange; mknod(2)", New.AddBlock(With(Header("dev", '3'), offset, 8, number)));
        }

        cases.Applies("xattrs", "extended attributes of files and directories, with = and % in a name and an empty value", "star(5): SCHILY.xattr; GNU tar writes = as %3D",
            [New.Pax(("SCHILY.xattr.user.a", [0, 1, 255]), ("SCHILY.xattr.user.b%3Dc%25", "x"u8.ToArray()), ("SCHILY.xattr.user.empty", [])).File("f", "1").Pax(("SCHILY.xattr.user.a", "dir"u8.ToArray())).Directory("d")],
            File("f", "1") with { Xattrs = [("user.a", [0, 1, 255]), ("user.b=c%", "x"u8.ToArray()), ("user.empty", [])] }, CorpusEntry.Directory("d") with { Xattrs = [("user.a", "dir"u8.ToArray())] });
        byte[] capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        cases.Applies("file-capability", "a capability outlives the change of the owner", "chown(2) clears it: the owner goes first",
            [New.Pax(("SCHILY.xattr.security.capability", capability)).Add('0', "ping", content: "x"u8.ToArray(), mode: 0x1ed, uid: 5)],
            File("ping", "x", 0x1ed) with { Uid = 5, Gid = 5, Xattrs = [("security.capability", capability)] });
        cases.Refuses("xattr-name-with-nul", "an attribute whose name holds a NUL byte", "setxattr(2)", New.Add('x', "pax", content: Ascii("27 SCHILY.xattr.user.a\0b=x\n")).File("f"));
        cases.Refuses("xattr-name-too-long", "an attribute with a name of 300 bytes", "XATTR_NAME_MAX", New.Pax(("SCHILY.xattr.user." + new string('n', 300), "x"u8.ToArray())).File("f"));
        cases.Refuses("xattr-value-too-long", "an attribute with a value of 66,000 bytes", "XATTR_SIZE_MAX", New.Pax(("SCHILY.xattr.user.a", new byte[66_000])).File("f"));
        cases.Applies("selinux-label", "a label is the host's to give", "security.selinux of an archive is not set", [New.Pax(("SCHILY.xattr.security.selinux", "system_u:object_r:etc_t:s0\0"u8.ToArray())).File("f", "1")], File("f", "1"));
        cases.Applies("root-described", "the root's own mode and owner", Spec, [New.Add('5', "./", mode: 0x1e9, uid: 3).File("a", "1")], CorpusEntry.Directory("", 0x1e9) with { Uid = 3, Gid = 3 }, File("a", "1"));
    }

    static byte[] Header(string name, char type = '0') => New.Add(type, name).WithoutEnd();

    /// <summary>A number in base 256: GNU's form for what octal digits do not hold.</summary>
    static byte[] With(byte[] header, int offset, int length, long number)
    {
        Span<byte> field = header.AsSpan(offset, length);
        field.Fill((byte)(number < 0 ? 0xff : 0));
        BinaryPrimitives.WriteInt64BigEndian(field[^8..], number);
        field[0] |= 0x80;
        return header;
    }
}
