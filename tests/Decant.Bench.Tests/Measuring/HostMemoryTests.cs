using Decant.Linux;

namespace Decant.Bench.Tests;

public sealed class HostMemoryTests
{
    [Fact]
    public void All_memory_of_this_machine_is_the_sum_of_its_parts()
    {
        HostMemory memory = HostMemory.Read();
        Assert.Equal(memory.Total, memory.Free + memory.Anonymous + memory.FileCache + memory.Shared + memory.SwapCache + memory.Kernel + memory.HugePages + memory.ProcessorLists + memory.Residual);
        // What no counter explains is small on a machine without GPU drivers, and never as much as all of it.
        Assert.InRange(memory.Residual, -memory.Total / 20, memory.Total / 2);
        // With next to no page cache less is available than is free, by what the kernel reserves.
        Assert.InRange(memory.UsedAvailable, 1, memory.Total);
    }

    [Fact]
    public void Shared_memory_is_not_counted_as_page_cache_though_the_kernel_lists_it_there()
    {
        HostMemory memory = HostMemory.Parse("MemTotal: 100 kB\nMemFree: 10 kB\nMemAvailable: 40 kB\nBuffers: 1 kB\nCached: 50 kB\nShmem: 20 kB\nAnonPages: 30 kB\nHugePages_Total: 5\n");
        Assert.Equal((31 << 10, 20 << 10, (100 - 10 - 30 - 31 - 20) << 10), (memory.FileCache, memory.Shared, memory.Residual));
    }

    [Fact]
    public void Pages_in_the_lists_of_processors_are_free_though_the_kernel_does_not_say_so()
    {
        HostMemory memory = HostMemory.Parse("MemTotal: 100 kB\nMemFree: 40 kB\n", """
            Node 0, zone      DMA
              pages free     2
              pagesets
                cpu: 0
                          count:    1
                          high:     9
                          high_min: 4
              vm stats threshold: 36
                cpu: 1
                          count:    0
            Node 0, zone   Normal
                cpu: 0
                          count:    3
            """);
        Assert.Equal((4 * Environment.SystemPageSize, (60 << 10) - 4 * Environment.SystemPageSize, 60 << 10), (memory.ProcessorLists, memory.Residual, memory.UsedFree));
    }

    [Fact]
    public void Pressure_is_read_from_the_line_of_some() =>
        Assert.Equal(new PressureStall(1.5, TimeSpan.FromMicroseconds(1234)), PressureStall.Parse("some avg10=1.50 avg60=0.00 avg300=0.00 total=1234\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=9\n"));

    [Fact]
    public void A_file_just_written_is_in_the_page_cache_and_links_to_it_count_once()
    {
        string directory = Directory.CreateTempSubdirectory("decant-cache").FullName;
        try
        {
            // tmpfs is page cache too, so this holds wherever the directory is.
            File.WriteAllBytes(directory + "/file", new byte[3 << 20]);
            Directory.CreateDirectory(directory + "/below");
            File.WriteAllBytes(directory + "/below/other", new byte[5000]);
            Assert.Equal(Errno.None, LinuxFile.TryLink(null, directory + "/file", null, directory + "/below/link"));
            LinuxFile.MakeSymbolicLink("/", null, directory + "/below/up");
            Assert.Equal([(directory + "/file", 3L << 20)], PageCache.Of(directory + "/file"));
            Assert.Equal([8192, 3L << 20], PageCache.Of(directory).Select(file => file.Bytes).Where(bytes => bytes > 0).Order());
            Assert.Empty(PageCache.Of(directory + "/nothing"));
            // A class has both directories once, and names files as the program does where it is told how.
            CachedClass layer = Assert.Single(CachedClass.Of([new FileClass("layer", directory, SeenAs: ""), new FileClass("layer", directory, SeenAs: ""), new FileClass("layer", directory + "/below")]));
            Assert.Equal((3 << 20) + (2 * 8192) + (3 << 20), layer.Bytes);
            Assert.Contains(layer.Largest, file => file.Name is "/file" or "/below/link" && file.Bytes == 3 << 20);
            Assert.Contains(layer.Largest, file => file.Name == directory + "/below/link");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_process_is_known_by_its_own_arguments_behind_those_of_its_interpreter()
    {
        ObservedProcess self = ObservedProcess.TryRead(Environment.ProcessId)!;
        Assert.Contains("the host's", self.Facts["namespace.mnt"]);
        Assert.Contains(self.Facts.Keys, name => name == "limit.open files");
        Assert.True(ObservedProcess.Runs(["/usr/bin/python3", "/usr/bin/tool", "-x"], ["tool", "-x"]));
        Assert.False(ObservedProcess.Runs(["tool", "-y"], ["tool", "-x"]));
        Assert.False(ObservedProcess.Runs(["docker", "run", "tool"], ["tool", "-x"]));
    }
}
