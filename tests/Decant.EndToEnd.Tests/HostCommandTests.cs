using System.Text.Json;

namespace Decant.EndToEnd.Tests;

public sealed class HostCommandTests
{
    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void The_host_is_described_to_people_and_to_programs(User user)
    {
        ProgramResult text = DecantBinary.Run(user, "host");
        Assert.Contains("namespace", text.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("overlay", text.Output, StringComparison.OrdinalIgnoreCase);
        using JsonDocument json = JsonDocument.Parse(DecantBinary.Run(user, "host", "--json").OutputBytes);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    [Fact]
    public void The_binary_is_at_most_nineteen_megabytes() =>
        Assert.InRange(new FileInfo(Workplace.Decant).Length, 1, 20_000_000);
}
