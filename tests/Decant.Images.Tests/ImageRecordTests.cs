using CsCheck;
using Decant.Linux;

namespace Decant.Images.Tests;

public class ImageRecordTests
{
    static readonly Gen<string> text = Gen.String[Gen.Char["ab=/\"\\\n\0\u001bé\u4e2d "], 0, 20];

    [Fact]
    public void A_record_comes_back_as_it_was_written()
    {
        Gen.Select(text, text.List[0, 4], text.List[0, 4], Gen.Long[0, long.MaxValue], Gen.Bool).Sample((word, words, others, number, flag) =>
        {
            ImageRecord record = Record() with
            {
                Name = "n" + word,
                Source = word,
                Stamp = flag ? word : null,
                CreatedTicks = flag ? number % DateTimeOffset.MaxValue.UtcTicks : null,
                Size = number,
                Chain = [.. others, "top"],
                Run = new ImageRunConfig
                {
                    Env = [.. words],
                    Entrypoint = [.. others],
                    Cmd = [.. words],
                    WorkingDir = word,
                    User = word,
                    StopSignal = word,
                    Volumes = [.. others],
                    ExposedPorts = [.. words],
                    Labels = words.Distinct().ToDictionary(key => key, key => key + word),
                },
            };
            ImageRecord read = ImageRecord.FromBytes(record.ToBytes(), "file");
            Assert.Equal(record.ToBytes(), read.ToBytes());
            Assert.Equivalent(record, read, strict: true);
        });
    }

    [Fact]
    public void A_cut_off_record_is_an_error_that_names_the_file_and_the_byte()
    {
        byte[] bytes = Record().ToBytes();
        for (int length = 0; length < bytes.Length; length++)
        {
            DecantException error = Assert.Throws<DecantException>(() => ImageRecord.FromBytes(bytes.AsSpan(0, length), "/refs/x"));
            Assert.StartsWith("/refs/x: damaged at byte ", error.Message);
        }
    }

    [Fact]
    public void Damage_never_ends_in_another_kind_of_error()
    {
        byte[] bytes = Record().ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] = value;
            try
            {
                ImageRecord.FromBytes(damaged, "file");
            }
            catch (DecantException)
            {
            }
        });
    }

    static ImageRecord Record() => new()
    {
        Name = "debian:12",
        Source = "oci:/x",
        ManifestType = MediaTypes.Manifest,
        Manifest = Digest.Sha256("m"u8),
        ManifestSize = 5,
        Config = Digest.Sha256("c"u8),
        Platform = "linux/amd64",
        Size = 9,
        Blobs = [Digest.Sha256("b"u8).ToString()],
        Chain = [Digest.Sha256("b"u8).Hex],
        Run = new ImageRunConfig { Env = ["A=1"], Labels = new Dictionary<string, string> { ["k"] = "v" } },
    };
}
