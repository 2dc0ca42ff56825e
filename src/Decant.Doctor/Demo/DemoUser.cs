namespace Decant.Doctor;

/// <summary>Who runs a part of the demo, with a store of its own.</summary>
/// <param name="Name">For the password file; null for the caller.</param>
/// <param name="Prompt">What a shell shows: # for root, $ for others.</param>
/// <param name="Directory">Holds all that the user's runs may write outside of an image.</param>
sealed record DemoUser(string Title, string? Name, uint Id, string Prompt, string Directory)
{
    /// <summary>DECANT_ROOT.</summary>
    public string Store => Directory + "/store";

    /// <summary>TMPDIR.</summary>
    public string Temporary => Directory + "/tmp";

    /// <summary>HOME.</summary>
    public string Home => Directory + "/home";
}
