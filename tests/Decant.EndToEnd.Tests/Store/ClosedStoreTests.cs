namespace Decant.EndToEnd.Tests.Store;

/// <summary>A store that the caller cannot look into is not a store without anything in it.</summary>
public sealed class ClosedStoreTests : IDisposable
{
    readonly string directory = Workplace.NewDirectory(User.Root);

    public void Dispose() => Shell.Run($"rm -rf {directory}").Expect(0);

    [Theory]
    [InlineData("fsck")]
    [InlineData("fsck --repair")]
    [InlineData("gc")]
    [InlineData("images")]
    public void Nothing_is_said_to_be_in_order_that_could_not_be_seen(string command)
    {
        Shell.Run($"mkdir -m 700 {directory}/store && touch {directory}/store/lock {directory}/file && chmod 755 {directory}").Expect(0);
        foreach (string root in new[] { $"{directory}/store", $"{directory}/file" })
        {
            ProgramResult result = DecantBinary.Script(User.Ordinary, $"DECANT_ROOT={root} \"$decant\" {command}");
            result.ExpectError(125, root);
        }

        // One that was never begun has nothing to check.
        if (!command.Contains("repair"))
            DecantBinary.Script(User.Root, $"DECANT_ROOT={directory}/new \"$decant\" {command}").Expect(0);
    }
}
