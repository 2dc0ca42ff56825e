using CsCheck;

namespace Decant.Elf.Tests;

public sealed class FatBinaryTests
{
    /// <summary>Of a library that nvcc 13.0 made for sm_100f and compute_75: each header, and the bytes behind it.</summary>
    static readonly (string Header, int Bytes)[] RecordedFamily =
    [
        ("50ed55ba01001000b806000000000000", 0),
        ("0200010160000000580600000000000000000000400000000800010064000000000000000000000011002001000000000000000000000000000000000000000048000000100000000002090000040b0800000000000000000000000000000000", 1624),
        ("50ed55ba01001000a816000000000000", 0),
        ("0200010170000000c814000000000000000000004000000008000100640000000000000000000000110020010000000000000000000000000000000000000000480000002400000000020900000202010002050500030701010203000002060100040b08000900000000000000000000", 5320),
        ("010001015000000020010000000000001a01000040000000000009004b000000000000000000000011800000000000000000000000000000f90100000000000048000000000000000000000000000000", 288),
    ];

    /// <summary>The same for sm_75, sm_80, sm_90a and compute_90, compressed.</summary>
    static readonly (string Header, int Bytes)[] RecordedCompressed =
    [
        ("50ed55ba010010003807000000000000", 0),
        ("020001014000000020020000000000001902000000000000080001004b0000000000000000000000118000000000000000000000000000 00b805000000000000", 544),
        ("0200010140000000200200000000000019020000000000000800010050000000000000000000000011800000000000000000000000000000b805000000000000", 544),
        ("020001014000000038020000000000003102000000000000080001005a00000000000000000000001180100000000000000000000000000 00806000000000000", 568),
        ("50ed55ba01001000f00c000000000000", 0),
        ("020001014000000068030000000000006703000000000000080001004b000000000000000000000011800000000000000000000000000000280c000000000000", 872),
        ("0200010140000000780300000000000071030000000000000800010050000000000000000000000011800000000000000000000000000000a80c000000000000", 888),
        ("0200010140000000e003000000000000e003000000000000080001005a000000000000000000000011801000000000000000000000000000780e000000000000", 992),
        ("010001015000000020010000000000001901000040000000000009005a000000000000000000000011800000000000000000000000000000f90100000000000048000000000000000000000000000000", 288),
    ];

    static byte[] Section((string Header, int Bytes)[] recorded) =>
        [.. recorded.SelectMany(one => Convert.FromHexString(one.Header.Replace(" ", "", StringComparison.Ordinal)).Concat(new byte[one.Bytes]))];

    static IReadOnlyList<DeviceCode> Read(byte[] section, string name = ".nv_fatbin") => ReadFile(SectionImage.Build((".text", [1, 2, 3]), (name, section)));

    static IReadOnlyList<DeviceCode> ReadFile(byte[] image) => new MemoryFiles(new() { ["/lib"] = image }).Find("/lib")!.DeviceCode();

    static string Describe(IEnumerable<DeviceCode> code) => string.Join(", ", code.Select(one => $"{one} {one.Count}{(one.Hollow > 0 ? $" ({one.Hollow} hollow)" : "")}"));

    [Fact]
    public void Headers_of_a_real_library_tell_the_family() => Assert.Equal("sm_100f 2 (1 hollow), compute_75 1", Describe(Read(Section(RecordedFamily))));

    [Fact]
    public void Headers_of_a_real_library_tell_what_is_for_one_architecture_alone() =>
        Assert.Equal("sm_75 2 (1 hollow), sm_80 2 (1 hollow), sm_90a 2 (1 hollow), compute_90 1", Describe(Read(Section(RecordedCompressed))));

    [Fact]
    public void Padding_between_containers_is_passed_over()
    {
        byte[] one = FatBinaryBytes.Container(FatBinaryBytes.Entry(false, 75)), two = FatBinaryBytes.Container(FatBinaryBytes.Entry(true, 90, FatBinaryBytes.Exact));
        Assert.Equal("sm_75 1, compute_90a 1", Describe(Read([.. one, .. new byte[24], .. two, .. new byte[5]])));
    }

    [Fact]
    public void Code_that_must_be_linked_once_more_does_not_count() =>
        Assert.Empty(Read(FatBinaryBytes.Container(FatBinaryBytes.Entry(false, 75)), "__nv_relfatbin"));

    [Fact]
    public void Other_kinds_of_entries_are_passed_over()
    {
        byte[] other = FatBinaryBytes.Entry(false, 75);
        other[0] = 8;
        Assert.Equal("sm_86 1", Describe(Read(FatBinaryBytes.Container(other, FatBinaryBytes.Entry(false, 0), FatBinaryBytes.Entry(false, 86)))));
    }

    [Fact]
    public void Files_without_device_code_and_without_section_headers_have_none()
    {
        Assert.Empty(ReadFile(SectionImage.Build((".text", [1]))));
        Assert.Empty(ReadFile(new ElfImage(true, false).With(14, "libx.so").Build()));
    }

    [Fact]
    public void What_does_not_fit_is_damage()
    {
        byte[] whole = FatBinaryBytes.Container(FatBinaryBytes.Entry(false, 75), FatBinaryBytes.Entry(false, 80));
        foreach (int at in (int[])[0, 6, 13, 16 + 4, 16 + 13])
        {
            byte[] broken = [.. whole];
            broken[at] = 0x7f;
            Assert.Throws<ElfFormatException>(() => Read(broken));
        }
    }

    [Fact]
    public void Headers_beyond_number_end()
    {
        byte[] section = new byte[16 << 20];
        FatBinaryBytes.Container([.. Enumerable.Repeat(FatBinaryBytes.Entry(false, 75, bytes: 0), 100_000)]).CopyTo(section, 0);
        DeviceCode code = Assert.Single(Read(section));
        Assert.InRange(code.Count, 60_000, 99_999);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var entry = Gen.Select(Gen.Bool, Gen.Int[10, 999], Gen.Int[0, 2], Gen.Int[0, 5000], Gen.Int[0, 9000], Gen.Int[64, 160]);
        Gen.Select(entry.Array[0, 6].Array[0, 5], Gen.Int[0, 3]).Sample((containers, padding) =>
        {
            Dictionary<string, int> expected = [];
            List<byte> section = [];
            foreach (var container in containers)
            {
                section.AddRange(FatBinaryBytes.Container([.. container.Select(one => FatBinaryBytes.Entry(one.Item1, one.Item2, (ulong)one.Item3 << 20, one.Item4, one.Item5, one.Item6))]));
                section.AddRange(new byte[padding * 8]);
                foreach (var one in container)
                {
                    string name = $"{(one.Item1 ? "compute" : "sm")}_{one.Item2}{(one.Item3 == 1 ? "a" : one.Item3 == 2 ? "f" : "")}";
                    expected[name] = expected.GetValueOrDefault(name) + 1;
                }
            }

            Assert.Equal(expected.OrderBy(one => one.Key, StringComparer.Ordinal), Read([.. section]).ToDictionary(code => code.ToString(), code => code.Count).OrderBy(one => one.Key, StringComparer.Ordinal));
        }, iter: 300);
    }

    [Fact]
    public void No_bytes_do_more_harm_than_damage()
    {
        byte[] image = SectionImage.Build((".text", [1, 2, 3]), (".nv_fatbin", Section(RecordedFamily)), (".note.x", [1]));
        Gen.Select(Gen.Select(Gen.Int[0, image.Length - 1], Gen.Byte).Array[1, 12], Gen.Int[0, image.Length]).Sample((changes, length) =>
        {
            byte[] broken = [.. image];
            foreach ((int at, byte value) in changes)
                broken[at] = value;
            foreach (byte[] one in (byte[][])[broken, broken[..length]])
            {
                LoaderFile file = new MemoryFiles(new() { ["/lib"] = one }).Find("/lib")!;
                try
                {
                    _ = file.DeviceCode();
                    _ = file.Section(".note.x", 100);
                }
                catch (ElfFormatException)
                {
                    // That is what it says of damage.
                }
            }
        }, iter: 5_000);
    }
}
