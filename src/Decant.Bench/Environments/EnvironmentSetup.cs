using Decant.Launch;

namespace Decant.Bench;

/// <summary>What environments are prepared with.</summary>
/// <param name="Decant">The path of this program.</param>
/// <param name="Open">Looks up an image as <c>decant run</c> does: a name of the store, or a source.</param>
/// <param name="Directory">For files that launches need; it stays as long as the session's results.</param>
public sealed record EnvironmentSetup(string Decant, Func<string, RootImage> Open, string Directory);
