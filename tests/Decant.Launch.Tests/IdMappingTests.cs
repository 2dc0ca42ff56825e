namespace Decant.Launch.Tests;

public sealed class IdMappingTests
{
    [Fact]
    public void The_map_has_one_line_a_range_inside_outside_count()
    {
        IdMapping mapping = new([new IdRange(0, 1000, 1), new IdRange(1, 100000, 65536)], [new IdRange(0, 1000, 1)], ByHelper: true);
        Assert.Equal("0 1000 1\n1 100000 65536\n", IdMapping.MapText(mapping.Users));
        Assert.Equal("users 1000 as 0, 100000-165535 as 1-65536; groups 1000 as 0, by newuidmap", mapping.Describe());
    }
}
