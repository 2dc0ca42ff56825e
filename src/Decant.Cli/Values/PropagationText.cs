using Decant.Launch;

namespace Decant.Cli;

/// <summary>The words for mount propagation; docker binds recursively, so that shared and rshared are one here.</summary>
static class PropagationText
{
    public static IReadOnlyList<string> Words { get; } = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    public static MountPropagation? TryParse(string text) => text switch
    {
        "private" or "rprivate" => MountPropagation.Private,
        "slave" or "rslave" => MountPropagation.Slave,
        "shared" or "rshared" => MountPropagation.Shared,
        _ => null,
    };
}
