namespace Decant.Bench.Tests;

public sealed class FreePageReportingTests : IDisposable
{
    readonly string sys = Directory.CreateTempSubdirectory("decant-sys").FullName;

    public void Dispose() => Directory.Delete(sys, recursive: true);

    void Machine(string features, string order)
    {
        foreach ((string path, string text) in new[] { ("bus/virtio/drivers/virtio_balloon/virtio0/features", features), ("module/page_reporting/parameters/page_reporting_order", order) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{sys}/{path}")!);
            File.WriteAllText($"{sys}/{path}", text + "\n");
        }
    }

    [Theory]
    [InlineData("0110010100000000", "0", 1)]
    [InlineData("0110010100000000", "9", 512)]
    [InlineData("0110000100000000", "9", null)]
    [InlineData("0110010100000000", "4294967295", null)]
    [InlineData("", "9", null)]
    public void A_balloon_that_reports_free_pages_takes_them_in_batches_of_32_blocks(string features, string order, int? pages)
    {
        Machine(features, order);
        Assert.Equal(32L * pages * Environment.SystemPageSize, FreePageReporting.BatchSize(sys));
    }

    [Fact]
    public void A_machine_without_a_balloon_reports_none() => Assert.Null(FreePageReporting.BatchSize(sys));
}
