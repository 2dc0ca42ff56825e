namespace Decant.Doctor;

/// <summary>What is known of a shell's commands before they run.</summary>
/// <param name="Started">In the order of the text.</param>
/// <param name="Findings">Of what the shell does itself.</param>
/// <param name="Skipped">What was not followed, in a few words each: "the loop in line 3".</param>
sealed record ShellFollowed(IReadOnlyList<ShellStarted> Started, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Skipped);
