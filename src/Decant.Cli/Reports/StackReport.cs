using Decant.Doctor;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A stack of software that an image has.</summary>
sealed record StackReport(string Name, string? Version, string Path)
{
    public static StackReport Of(Stack stack) => new(stack.Name, stack.Version, PathBytes.Printable(stack.Path));
}
