using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A condition that is waited for before each trial: gpu.temperature&lt;=50.</summary>
/// <param name="Condition">What is read.</param>
/// <param name="AtMost">Whether the bound is an upper one.</param>
/// <param name="Bound">In the condition's unit.</param>
public sealed record Gate(string Condition, bool AtMost, double Bound)
{
    /// <summary>The conditions with their units, as help shows them.</summary>
    public static readonly (string Name, string Unit)[] Conditions =
    [
        ("cpu.pressure", "% of the last 10 s in which some task waited for a CPU"),
        ("memory.pressure", "% of the last 10 s in which some task waited for memory"),
        ("io.pressure", "% of the last 10 s in which some task waited for a disk"),
        ("cpu.temperature", "°C, of the hottest thermal zone"),
        ("cpu.clock", "MHz, of the slowest processor"),
        ("gpu.temperature", "°C, of the hottest GPU"),
        ("gpu.utilisation", "% of the driver's last sample in which a kernel ran, on the busiest GPU"),
        ("gpu.memory", "MiB in use on all GPUs together"),
        ("gpu.clock", "MHz of the multiprocessors, of the slowest GPU"),
        ("memory.available", "MiB that programs could get without swapping"),
        ("load", "runnable tasks besides decant's, right now"),
    ];

    public override string ToString() => $"{Condition}{(AtMost ? "<=" : ">=")}{Bound.ToString(CultureInfo.InvariantCulture)}";

    /// <exception cref="DecantException">Not CONDITION&lt;=NUMBER or CONDITION&gt;=NUMBER, or no such condition.</exception>
    public static Gate Parse(string text)
    {
        int at = text.IndexOfAny(['<', '>']);
        string name = at < 0 ? text : text[..at].Trim();
        if (!Conditions.Any(condition => condition.Name == name))
            throw new DecantException($"there is no condition {PathBytes.Printable(name)}", $"one of {string.Join(", ", Conditions.Select(condition => condition.Name))}");
        if (at < 0 || !double.TryParse(text[(at + 1)..].TrimStart('=').Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) || !double.IsFinite(bound))
            throw new DecantException($"{PathBytes.Printable(text)} is not CONDITION<=NUMBER or CONDITION>=NUMBER", $"{name}<=50");
        return new Gate(name, text[at] == '<', bound);
    }

    /// <summary>Whether a reading lets the trial begin.</summary>
    public bool Opens(double reading) => AtMost ? reading <= Bound : reading >= Bound;
}
