namespace Decant.Doctor;

/// <summary>Pipelines that are joined by "&amp;&amp;" and "||"; one at least.</summary>
/// <param name="IsOr">Of each but the first, whether it stands behind "||".</param>
/// <param name="IsAsynchronous">"&amp;" follows.</param>
sealed record ShellAndOr(IReadOnlyList<ShellPipeline> Pipelines, IReadOnlyList<bool> IsOr, bool IsAsynchronous);
