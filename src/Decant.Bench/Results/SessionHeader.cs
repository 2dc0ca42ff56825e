using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>The first file of a session's directory: what was declared, where and when.</summary>
/// <param name="Schema">decant.bench.session/1.</param>
/// <param name="Identity">The experiment's.</param>
/// <param name="Source">decant and its version.</param>
/// <param name="Absent">Declared environments that could not be measured here, with the reason.</param>
/// <param name="Remarks">What limits the conclusions, known before the first trial.</param>
/// <param name="Seed">Of what is drawn at random: the declared one, or one that was drawn when the session began; null in sessions of a decant that drew none.</param>
sealed record SessionHeader(
    string Schema, string Identity, string Source, DateTimeOffset Started, Experiment Experiment, ImmutableSortedDictionary<string, string> Machine,
    ImmutableSortedDictionary<string, string> Absent, ImmutableArray<string> Remarks, ulong? Seed = null)
{
    /// <summary>Of the order of trials and of all that is drawn in the evaluation.</summary>
    public ulong DrawnSeed => Seed ?? Experiment.Seed ?? 0;

    public const string CurrentSchema = "decant.bench.session/1";
}
