namespace Decant.Devices;

/// <summary>Versions of the CDI specification, and which of its parts came with which.</summary>
static class CdiVersion
{
    /// <summary>The first that is still read.</summary>
    public static Version Earliest { get; } = new(0, 3, 0);

    static readonly Version[] known =
        [Earliest, new(0, 4, 0), new(0, 5, 0), new(0, 6, 0), new(0, 7, 0), new(0, 8, 0), new(1, 0, 0), new(1, 1, 0)];

    public static string Known => string.Join(", ", known.Select(version => version.ToString()));

    /// <summary>Null for one that is not known.</summary>
    public static Version? Parse(string text) => Array.Find(known, version => version.ToString() == (text.StartsWith('v') ? text[1..] : text));

    public static Version MountType { get; } = new(0, 4, 0);

    public static Version HostPath { get; } = new(0, 5, 0);

    public static Version DigitFirst { get; } = new(0, 5, 0);

    public static Version Annotations { get; } = new(0, 6, 0);

    public static Version DotInClass { get; } = new(0, 6, 0);

    public static Version IntelRdt { get; } = new(0, 7, 0);

    public static Version AdditionalGroups { get; } = new(0, 7, 0);

    public static Version NetDevices { get; } = new(1, 1, 0);

    public static Version Schemata { get; } = new(1, 1, 0);
}
