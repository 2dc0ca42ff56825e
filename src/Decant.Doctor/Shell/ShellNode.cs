namespace Decant.Doctor;

/// <summary>A command of a shell's grammar (XCU 2.9).</summary>
/// <param name="Line">Where it begins, from 1.</param>
abstract record ShellNode(int Line)
{
    public IReadOnlyList<ShellRedirection> Redirections { get; init; } = [];
}
