using System.Text;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>
/// Mutated archives, documents and references. Whatever they are: only a DecantException escapes, nothing outside the target is
/// touched, what was made can be removed, and neither time nor memory runs away. docs/fuzzing.md says how to run them for hours.
/// </summary>
public sealed class ImageFuzzTests : IDisposable
{
    // More than any mutated archive of a few kilobytes has reason to use.
    const long MostMemory = 256L << 20;
    static readonly TimeSpan mostTime = TimeSpan.FromSeconds(20);

    readonly Scratch scratch = new("/dev/shm");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Mutated_layers_end_in_a_tree_or_in_an_error_and_touch_nothing_else()
    {
        scratch.Write("victim/hello", "hello");
        SortedDictionary<string, string> before = TreeSnapshot.OfHost(scratch.Path("victim"), details: true);
        List<byte[]> seeds = [.. CorpusCases.All.SelectMany(c => c.Layers).Where(layer => layer.Length is > 0 and < 30_000)];
        CorpusCase[] stacks = [.. CorpusCases.All.Where(c => c.Layers.Count > 1)];
        int refused = 0;
        int cases = FuzzBudget.Run(0.7, (random, _) =>
        {
            CorpusCase stack = stacks[random.Next(stacks.Length)];
            byte[][] layers = random.Next(2) == 0 ? [.. stack.Layers] : [stack.Layers[0], seeds[random.Next(seeds.Count)]];
            layers[^1] = ByteMutation.OfTar(layers[^1], seeds, random);
            List<string> made = [];
            long memory = GC.GetAllocatedBytesForCurrentThread();
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                foreach (byte[] layer in layers)
                {
                    string target = scratch.MakeDirectory($"layer{made.Count + 1}");
                    made.Insert(0, target);
                    LayerExtractor.Extract(new MemoryStream(layer), target, made[1..], new LayerOptions { Privileged = random.Next(4) == 0 });
                }

                string flat = scratch.MakeDirectory("flat");
                FlatRoot.Build(made, flat);
            }
            catch (DecantException)
            {
                refused++;
            }

            Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, mostTime);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - memory, 0, MostMemory);
            Assert.Equal(before, TreeSnapshot.OfHost(scratch.Path("victim"), details: true));
            foreach (string path in Directory.GetFileSystemEntries(scratch.Root))
            {
                string name = Path.GetFileName(path);
                Assert.True(name is "victim" or "flat" or "layer1" or "layer2" or "layer3" or "layer4", name);
                if (name != "victim")
                    TreeRemoval.Remove(path);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases, {refused} refused");
    }

    [Fact]
    public void Mutated_documents_are_read_or_refused()
    {
        ImageFixture.Run("cp", "-a", LayoutTemplate.Path, scratch.Path("image"));
        string layout = scratch.Path("image");
        byte[] index = File.ReadAllBytes(layout + "/index.json");
        JsonNode descriptor = JsonNode.Parse(index)!["manifests"]![0]!;
        byte[] manifest = Blob(layout, descriptor["digest"]!);
        byte[] config = Blob(layout, JsonNode.Parse(manifest)!["config"]!["digest"]!);
        byte[] docker = Encoding.UTF8.GetBytes("""[{"Config":"c.json","RepoTags":["a:b"],"Layers":["l/layer.tar","../m.tar"]}]""");
        int cases = FuzzBudget.Run(0.2, (random, _) =>
        {
            switch (random.Next(4))
            {
                case 0:
                    File.WriteAllBytes(layout + "/index.json", ByteMutation.OfText(index, random));
                    break;
                case 1:
                    Point(layout, ByteMutation.OfText(manifest, random));
                    break;
                case 2:
                    JsonNode changed = JsonNode.Parse(manifest)!;
                    changed["config"] = Store(layout, "application/vnd.oci.image.config.v1+json", ByteMutation.OfText(config, random));
                    Point(layout, Encoding.UTF8.GetBytes(changed.ToJsonString()));
                    break;
                default:
                    Refusable(() => ImagesJson.Read(ByteMutation.OfText(docker, random), ImagesJson.Default.ListDockerArchiveDocument, "manifest.json"));
                    break;
            }

            Refusable(() =>
            {
                using SourceImage image = ImageSource.Parse($"oci:{layout}").Open(Platform.Host, scratch.Root);
                Assert.NotEmpty(image.Layers);
            });
        });
        Assert.True(cases > 0);
    }

    [Fact]
    public void Mutated_references_are_read_or_refused()
    {
        string[] texts = ["oci:/a/b:tag", "oci-archive:x.tar:t", "docker-archive:x.tar:name:tag", "docker-archive:x:@0", "tar:-", "rootfs:/", "docker://host:5000/a/b:tag@sha256:" + new string('a', 64), "docker-daemon:a:b", "podman:a", "debian:12"];
        int cases = FuzzBudget.Run(0.1, (random, _) =>
        {
            string text = PathBytes.Decode([.. ByteMutation.OfText(Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]), random).Where(b => b != 0)]);
            Refusable(() => ImageSource.Parse(text));
            Refusable(() => ImageName.Check(text));
            Refusable(() => Platform.Parse(text));
            Refusable(() => Digest.Parse(text));
            if (text.Length == 0)
                return;
            Assert.InRange(ImageName.ToFileName(text).Length, 1, 250);
            Assert.DoesNotContain('/', ImageName.ToFileName(text));
        });
        Assert.True(cases > 0);
    }

    static void Refusable(Action action)
    {
        try
        {
            action();
        }
        catch (DecantException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    static byte[] Blob(string layout, JsonNode digest) => File.ReadAllBytes($"{layout}/blobs/sha256/{digest.GetValue<string>()[7..]}");

    static JsonObject Store(string layout, string mediaType, byte[] bytes)
    {
        Digest digest = Digest.Sha256(bytes);
        File.WriteAllBytes($"{layout}/blobs/sha256/{digest.Hex}", bytes);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
    }

    static void Point(string layout, byte[] manifest)
    {
        JsonObject index = new() { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(Store(layout, "application/vnd.oci.image.manifest.v1+json", manifest)) };
        File.WriteAllText(layout + "/index.json", index.ToJsonString());
    }
}
