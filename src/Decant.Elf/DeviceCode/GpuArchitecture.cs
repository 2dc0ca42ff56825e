using System.Globalization;

namespace Decant.Elf;

/// <summary>What device code was compiled for: sm_90a.</summary>
/// <param name="Number">Ten times the major compute capability, and the minor one: 75, 90, 121.</param>
public readonly record struct GpuArchitecture(int Number, GpuArchitectureScope Scope)
{
    public int Major => Number / 10;

    public int Minor => Number % 10;

    /// <summary>As a number with its letter: "90a".</summary>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture) + Scope switch
    {
        GpuArchitectureScope.Exact => "a",
        GpuArchitectureScope.Family => "f",
        _ => "",
    };

    /// <summary>Whether machine code (a cubin) for it runs on a GPU: within a major compute capability, on the same minor one and later ones.</summary>
    /// <param name="capability">The GPU's compute capability: 9.0.</param>
    public bool RunsOn(Version capability) => Scope == GpuArchitectureScope.Exact
        ? capability.Major == Major && capability.Minor == Minor
        : capability.Major == Major && capability.Minor >= Minor;

    /// <summary>Whether the driver can compile PTX for it for a GPU: on all later ones, unless it is for one or a family alone.</summary>
    /// <param name="capability">The GPU's compute capability.</param>
    public bool CompilesFor(Version capability) => Scope == GpuArchitectureScope.Portable
        ? capability.Major > Major || (capability.Major == Major && capability.Minor >= Minor)
        : RunsOn(capability);
}
