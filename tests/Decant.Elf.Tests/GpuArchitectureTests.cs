namespace Decant.Elf.Tests;

public sealed class GpuArchitectureTests
{
    [Theory]
    [InlineData(80, GpuArchitectureScope.Portable, "8.0 8.6 8.9")]
    [InlineData(86, GpuArchitectureScope.Portable, "8.6 8.9")]
    [InlineData(90, GpuArchitectureScope.Portable, "9.0")]
    [InlineData(90, GpuArchitectureScope.Exact, "9.0")]
    [InlineData(100, GpuArchitectureScope.Portable, "10.0 10.3")]
    [InlineData(100, GpuArchitectureScope.Family, "10.0 10.3")]
    [InlineData(100, GpuArchitectureScope.Exact, "10.0")]
    [InlineData(120, GpuArchitectureScope.Family, "12.0 12.1")]
    [InlineData(121, GpuArchitectureScope.Exact, "12.1")]
    public void Machine_code_runs_within_its_major_capability(int number, GpuArchitectureScope scope, string runs) =>
        Assert.Equal(runs, Which(capability => new DeviceCode(new GpuArchitecture(number, scope), IsPtx: false, 1, 0).RunsOn(capability)));

    [Theory]
    [InlineData(75, GpuArchitectureScope.Portable, "7.5 8.0 8.6 8.9 9.0 10.0 10.3 12.0 12.1")]
    [InlineData(90, GpuArchitectureScope.Portable, "9.0 10.0 10.3 12.0 12.1")]
    [InlineData(90, GpuArchitectureScope.Exact, "9.0")]
    [InlineData(100, GpuArchitectureScope.Family, "10.0 10.3")]
    public void PTX_is_compiled_for_all_that_is_later(int number, GpuArchitectureScope scope, string runs) =>
        Assert.Equal(runs, Which(capability => new DeviceCode(new GpuArchitecture(number, scope), IsPtx: true, 1, 0).RunsOn(capability)));

    static string Which(Func<Version, bool> runs) =>
        string.Join(' ', new[] { "7.0", "7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "10.3", "12.0", "12.1" }.Where(capability => runs(Version.Parse(capability))));
}
