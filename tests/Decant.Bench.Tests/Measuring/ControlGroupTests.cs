using System.Collections.Immutable;

namespace Decant.Bench.Tests;

public sealed class ControlGroupTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-cgroup").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    void Stat(string path, params string[] lines)
    {
        Directory.CreateDirectory($"{directory}/{path}");
        File.WriteAllText($"{directory}/{path}/memory.stat", string.Join('\n', lines) + "\n");
    }

    CgroupReading Read(bool isVersion2) => new ControlGroup(ImmutableSortedDictionary<string, string>.Empty.Add("memory", directory), isVersion2).Read();

    /// <summary>A limit that is none is nearly the largest number, so limits cannot be added up.</summary>
    [Fact]
    public void The_sums_of_a_parent_that_lag_behind_are_those_of_its_children()
    {
        const string NoLimit = "hierarchical_memory_limit 9223372036854771712";
        Stat("", "rss 1", "total_rss 5", "cache 7", "total_cache 7", "shmem 0", "total_shmem 0", NoLimit);
        Stat("a", "rss 100", "total_rss 100", "cache 10", "total_cache 10", "shmem 4", "total_shmem 4", NoLimit);
        Stat("b/c", "rss 200", "total_rss 200", "cache 0", "total_cache 0", "shmem 0", "total_shmem 0", NoLimit);
        Stat("b", "rss 0", "total_rss 3", "cache 0", "total_cache 0", "shmem 0", "total_shmem 0", NoLimit);
        CgroupReading reading = Read(isVersion2: false);
        Assert.Equal((301, 13, 4), (reading.Anonymous, reading.File, reading.Shared));
    }

    [Fact]
    public void In_version_2_what_children_that_are_gone_left_to_a_parent_counts()
    {
        Stat("", "anon 5", "file 70", "shmem 0", "kernel 9");
        Stat("a", "anon 100", "file 10", "shmem 4", "kernel 1");
        CgroupReading reading = Read(isVersion2: true);
        Assert.Equal((100, 66, 4, 9), (reading.Anonymous, reading.File, reading.Shared, reading.Kernel));
    }
}
