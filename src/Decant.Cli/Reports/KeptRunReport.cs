namespace Decant.Cli;

/// <summary>What <c>run --name</c> has kept.</summary>
sealed record KeptRunReport(string Name, string Image, DateTimeOffset Created, bool InUse);
