using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>The kernel's overlayfs is the truth about merging: random stacks of layers are mounted and compared.</summary>
public sealed class RootViewOverlayTests
{
    static readonly string[] Words = ["a", "b", "c", "lib"];

    [Fact]
    public void Random_stacks_look_as_the_kernel_mounts_them()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            using Scratch scratch = new();
            Random random = new(seed);
            string[] layers = new string[random.Next(1, 5)];
            for (int i = 0; i < layers.Length; i++)
            {
                layers[i] = scratch.MakeDirectory($"layer{i}");
                Fill(scratch, $"layer{i}", random, 0);
            }

            if (random.Next(4) == 0)
                scratch.Opaque("layer0");
            string mount = scratch.MountOverlay("mount", layers);
            RootView view = new(layers);
            int compared = Compare(view, mount, "", seed);
            Assert.True(compared > 0);
            ComparePaths(view, mount, random, seed);
        }
    }

    static void Fill(Scratch scratch, string directory, Random random, int depth)
    {
        foreach (string word in Words)
        {
            string name = $"{directory}/{word}";
            int kind = random.Next(depth < 3 ? 8 : 4);
            if (kind == 0)
                scratch.Write(name, $"{name}");
            else if (kind == 1)
                scratch.Whiteout(name);
            else if (kind == 2)
                scratch.Link(name, Target(random));
            else if (kind >= 5)
            {
                scratch.MakeDirectory(name);
                if (random.Next(4) == 0)
                    scratch.Opaque(name);
                Fill(scratch, name, random, depth + 1);
            }
        }
    }

    static string Target(Random random)
    {
        string target = "";
        for (int i = random.Next(1, 4); i > 0; i--)
            target += (target.Length > 0 ? "/" : "") + (random.Next(3) == 0 ? ".." : Words[random.Next(Words.Length)]);
        return target;
    }

    static int Compare(RootView view, string mount, string path, int seed)
    {
        using var directory = LinuxFile.Open(mount + path, OpenFlags.ReadOnly | OpenFlag.Directory);
        // The kernel lists a whiteout that hides nothing in a directory of one layer only; no call can reach it.
        List<string> expected = LinuxFile.Names(directory, path)
            .Where(n => LinuxFile.TryStatus(directory, n, false, out _) == Errno.None).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, view.Names(path.Length == 0 ? "/" : path).Order(StringComparer.Ordinal));
        int count = 1;
        foreach (string name in expected)
        {
            string child = $"{path}/{name}";
            FileStatus truth = LinuxFile.Status(mount + child);
            RootEntry seen = view.Resolve(child, followLast: false);
            Assert.True(seen.Errno == Errno.None && seen.Path == child, $"seed {seed}: {child} {seen.Errno}");
            Assert.Equal(truth.Mode, seen.Status.Mode);
            if (truth.IsRegular)
                Assert.Equal(File.ReadAllBytes(mount + child), view.TryReadFile(child, 1000));
            if (truth.IsDirectory)
                count += Compare(view, mount, child, seed);
        }

        return count;
    }

    static void ComparePaths(RootView view, string mount, Random random, int seed)
    {
        using var root = LinuxFile.Open(mount, OpenFlags.ReadOnly | OpenFlag.Directory);
        for (int i = 0; i < 200; i++)
        {
            string path = Target(random) + "/" + Target(random) + (random.Next(4) == 0 ? "/" : "");
            Errno errno = LinuxFile.TryOpen(root, path, OpenFlags.Path, 0, ResolveFlags.InRoot, out var file);
            RootEntry seen = view.Resolve(path);
            Assert.True(errno == seen.Errno, $"seed {seed}: {path}: kernel {errno}, view {seen.Errno}");
            if (file is null)
                continue;
            using (file)
            {
                string truth = File.ResolveLinkTarget($"/proc/self/fd/{LinuxFile.Number(file)}", false)!.FullName;
                Assert.Equal(mount.TrimEnd('/') + (seen.Path == "/" ? "" : seen.Path), truth);
            }
        }
    }
}
