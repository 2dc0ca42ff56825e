namespace Decant.Images;

/// <summary>Nobody reads on: the stage that writes ends, and whoever stopped reading has the reason.</summary>
sealed class AbandonedException() : Exception("what this stage makes is no longer read");
