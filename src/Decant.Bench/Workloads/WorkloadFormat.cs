using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>The output of one program, or of one option of it (docs/workload-formats.md).</summary>
public abstract class WorkloadFormat
{
    /// <summary>As the user writes it: llama-bench.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// All figures of the output, or why there are none: a line that is missing or comes twice, a number that is none, or a program that says itself that
    /// its run is not valid. Nothing is thrown for any text.
    /// </summary>
    public WorkloadReading Read(string output)
    {
        try
        {
            ImmutableArray<WorkloadValue> values = [.. Parse(WorkloadText.Of(output))];
            if (values.IsEmpty)
                throw new UnreadableException("the output has none of the figures that this format reads");
            HashSet<string> names = [];
            foreach (WorkloadValue value in values)
            {
                if (!double.IsFinite(value.Value))
                    throw new UnreadableException($"{value.Metric.Name} is {value.Value}", value.SourceLine);
                if (!names.Add(value.Metric.Name))
                    throw new UnreadableException($"{value.Metric.Name} comes a second time, so it is open which one counts", value.SourceLine);
            }

            return new WorkloadReading(values, null);
        }
        catch (UnreadableException exception)
        {
            return new WorkloadReading([], new WorkloadFailure(Name, exception.Message, exception.Line));
        }
    }

    /// <summary>Whether the output has the marks of this program and of no other.</summary>
    internal abstract bool Claims(WorkloadText text);

    /// <exception cref="UnreadableException">It gives no figures.</exception>
    internal abstract IEnumerable<WorkloadValue> Parse(WorkloadText text);
}
