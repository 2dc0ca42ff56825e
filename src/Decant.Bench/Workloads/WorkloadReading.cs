using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What an output says: all figures that its format promises, or a failure and none. There is no third.</summary>
/// <param name="Values">In the order of the output, or of the format's table; empty where it failed.</param>
/// <param name="Failure">Null where it was read.</param>
public sealed record WorkloadReading(ImmutableArray<WorkloadValue> Values, WorkloadFailure? Failure);
