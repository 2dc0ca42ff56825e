namespace Decant.Doctor;

/// <summary>A part of Open MPI with parameters of its own.</summary>
/// <param name="Variable">What its variables begin with.</param>
/// <param name="Options">Of launchers, without their dashes.</param>
sealed record MpiProject(string Variable, string[] Options)
{
    public static MpiProject OpenMpi { get; } = new("OMPI_MCA_", ["mca", "gmca", "omca"]);

    /// <summary>The launcher of Open MPI 5.</summary>
    public static MpiProject Prrte { get; } = new("PRTE_MCA_", ["prtemca"]);

    public static MpiProject Pmix { get; } = new("PMIX_MCA_", ["pmixmca"]);
}
