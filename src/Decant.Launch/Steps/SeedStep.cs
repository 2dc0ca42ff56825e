namespace Decant.Launch.Steps;

/// <summary>Makes something small before the overlay is mounted: in the upper layer, or in the devices' where there is one.</summary>
abstract class SeedStep : LaunchStep
{
    /// <summary>Absolute in the root, without links but for the last component; its parent has been made before.</summary>
    public required string Path { get; init; }

    /// <summary>It is there for devices, and ends with the run.</summary>
    public bool OfDevices { get; init; }

    protected string Layer => OfDevices ? "the devices' layer" : "the upper layer";
}
