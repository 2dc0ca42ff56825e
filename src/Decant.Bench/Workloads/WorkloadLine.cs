namespace Decant.Bench;

/// <summary>A line of an output.</summary>
/// <param name="Number">From 1, as an editor counts them.</param>
/// <param name="Text">Without colours, mpirun's tags and space at its ends.</param>
readonly record struct WorkloadLine(int Number, string Text)
{
    /// <summary>The parts between white space.</summary>
    public string[] Words => Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
