namespace Decant.Images.Tests;

/// <summary>
/// Random images of several layers. A plain tree in memory says what they show; the view, the kernel's overlayfs and the
/// flat root must all show the same.
/// </summary>
public sealed class LayerModelTests
{
    static readonly string[] Words = ["a", "b", "c", "d"];

    [Fact]
    public void Random_images_show_what_a_simple_model_of_the_rules_shows()
    {
        int whiteouts = 0;
        for (int seed = 0; seed < 80; seed++)
        {
            using Scratch scratch = new();
            Random random = new(seed);
            ModelTree model = new();
            // Every other image finishes each directory at once, and takes it up again.
            LayerOptions options = new() { DirectoryMemory = seed % 2 == 0 ? 0 : new LayerOptions().DirectoryMemory };
            List<string> layers = [];
            List<byte[]> archives = [];
            int count = random.Next(2, 5);
            for (int layer = 1; layer <= count; layer++)
            {
                TestArchive archive = MakeLayer(model, random, layer);
                string target = scratch.MakeDirectory($"layer{layer}");
                LayerExtractor.Extract(new MemoryStream(archive.End()), target, layers, options);
                Assert.Empty(TreeCheckTests.Check(archive, target, layers));
                layers.Insert(0, target);
                archives.Add(archive.End());
            }

            if (seed % 3 == 1)
                AssertSameAtOnce(scratch, archives, layers, $"seed {seed}, all at once");
            SortedDictionary<string, string> expected = model.Snapshot();
            RootView view = new([.. layers]);
            AssertSame(expected, TreeSnapshot.OfView(view), $"seed {seed}, view");
            string flat = scratch.MakeDirectory("flat");
            FlatRoot.Build(layers, flat);
            AssertSame(expected, TreeSnapshot.OfHost(flat), $"seed {seed}, flat root");
            if (seed % 3 == 0)
                AssertSame(expected, TreeSnapshot.OfHost(scratch.MountOverlay("mount", layers)), $"seed {seed}, overlayfs");
            foreach (string layer in layers)
                whiteouts += TreeSnapshot.OfHost(layer).Values.Count(v => v.StartsWith("CharacterDevice", StringComparison.Ordinal));
        }

        Assert.True(whiteouts > 20, $"only {whiteouts} whiteouts");
    }

    static void AssertSameAtOnce(Scratch scratch, List<byte[]> archives, List<string> layers, string what)
    {
        List<string> together = UnpackAtOnce(scratch, archives);
        for (int i = 0; i < layers.Count; i++)
            AssertSame(TreeSnapshot.OfHost(layers[i]), TreeSnapshot.OfHost(together[i]), what);
    }

    /// <summary>The topmost starts first, and each looks at those below only when they have ended.</summary>
    static List<string> UnpackAtOnce(Scratch scratch, List<byte[]> archives)
    {
        List<string> layers = [];
        for (int i = 0; i < archives.Count; i++)
            layers.Insert(0, scratch.MakeDirectory($"together{i}"));
        Task[] tasks = new Task[archives.Count];
        TaskCompletionSource[] ended = [.. archives.Select(_ => new TaskCompletionSource())];
        for (int i = archives.Count - 1; i >= 0; i--)
        {
            int layer = i;
            string target = layers[archives.Count - 1 - layer];
            List<string> below = layers[(archives.Count - layer)..];
            LayerOptions options = new() { AwaitLower = () => Task.WaitAll([.. ended.Take(layer).Select(one => one.Task)]) };
            tasks[layer] = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        LayerExtractor.Extract(new MemoryStream(archives[layer]), target, below, options);
                    }
                    finally
                    {
                        ended[layer].SetResult();
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Task.WaitAll(tasks);
        return layers;
    }

    internal static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> seen, string what)
    {
        string Text(SortedDictionary<string, string> tree) => string.Join('\n', tree.Select(p => $"{p.Key}: {p.Value}"));
        Assert.True(Text(expected) == Text(seen), $"{what}\nexpected\n{Text(expected)}\nseen\n{Text(seen)}");
    }

    internal static TestArchive MakeLayer(ModelTree model, Random random, int layer)
    {
        TestArchive archive = new TestArchive().Directory("./");
        for (int i = random.Next(5, 40); i > 0; i--)
        {
            string path = random.Next(2) == 0 ? RandomPath(random) : ExistingPath(model, random);
            if (!model.CanHold(path))
                continue;
            switch (random.Next(11))
            {
                case 0 or 1 or 2:
                    archive.File(path, $"{layer}.{i}");
                    model.Put(path, $"file 1a4 {layer}.{i}", layer);
                    break;
                case 3 or 4:
                    uint mode = random.Next(2) == 0 ? 0x1edu : 0x1c0u;
                    archive.Directory(path, mode);
                    model.MakeDirectory(path, mode, layer);
                    break;
                case 5:
                    archive.Link(path, $"to{i}");
                    model.Put(path, $"link to{i}", layer);
                    break;
                case 6 or 7:
                    archive.File(path[..(path.LastIndexOf('/') + 1)] + ".wh." + path[(path.LastIndexOf('/') + 1)..]);
                    model.Whiteout(path, layer);
                    break;
                case 8:
                    string from = RandomPath(random);
                    if (model.Leaf(from) is not { } content || path.StartsWith(from, StringComparison.Ordinal) || from.StartsWith(path, StringComparison.Ordinal))
                        break;
                    archive.HardLink(path, from);
                    model.Put(path, content, layer);
                    break;
                case 9:
                    AddRun(archive, model, random, path, layer);
                    break;
                default:
                    string directory = random.Next(10) == 0 ? "" : path;
                    if (!model.CanHold(directory + "/x"))
                        break;
                    archive.File((directory + "/.wh..wh..opq").TrimStart('/'));
                    model.Opaque(directory, layer);
                    break;
            }
        }

        return archive;
    }

    /// <summary>Files of one directory after each other, some names twice: they are written in batches, and many of them by two threads.</summary>
    static void AddRun(TestArchive archive, ModelTree model, Random random, string directory, int layer)
    {
        if (!model.CanHold(directory + "/x"))
            return;
        int count = random.Next(8) == 0 ? 700 : 12;
        for (int i = 0; i < count; i++)
        {
            string path = $"{directory}/{(random.Next(3) == 0 ? Words[random.Next(Words.Length)] : $"f{random.Next(count)}")}";
            string content = $"{layer}.run{i}";
            archive.File(path, content);
            model.Put(path, $"file 1a4 {content}", layer);
        }
    }

    static string ExistingPath(ModelTree model, Random random)
    {
        List<string> paths = [.. model.Snapshot().Keys];
        string path = paths[random.Next(paths.Count)].TrimStart('/');
        return path.Length > 0 ? path : RandomPath(random);
    }

    /// <summary>Outermost names are mostly left to be directories, so that trees grow.</summary>
    static string RandomPath(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(4) == 0 ? 1 : random.Next(2, 5)).Select(_ => Words[random.Next(Words.Length)]));
}
