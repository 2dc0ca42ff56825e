namespace Decant.Bench;

/// <summary>A figure that the user declares, of an output that no format is made for.</summary>
/// <param name="Place">A pattern with a group of the figure's name, a JSON path, or a column, as the format has it.</param>
/// <param name="Choice">Which of several matches counts.</param>
/// <param name="Scale">What the printed number is multiplied by.</param>
public sealed record FigureSpec(string Name, string Place, string Unit, Direction Direction, ValueChoice Choice, double Scale)
{
    internal GenericFigure ToFigure() => new(new Metric(Name, Unit, Direction, $"As the workload prints it: {Place}."), Choice, Scale);
}
