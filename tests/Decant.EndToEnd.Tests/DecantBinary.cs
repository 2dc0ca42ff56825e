namespace Decant.EndToEnd.Tests;

/// <summary>Runs the native decant as root or as an ordinary user, with the user's own store.</summary>
public static class DecantBinary
{
    /// <summary>Runs decant with empty standard input.</summary>
    public static ProgramResult Run(User user, params string[] arguments) => RunWithInput(user, [], arguments);

    public static ProgramResult RunWithInput(User user, byte[] input, params string[] arguments) =>
        Shell.Execute([.. user.Prefix, Workplace.Decant, .. arguments], Variables(user), input);

    /// <summary>Runs a bash script in which $decant is the binary.</summary>
    public static ProgramResult Script(User user, string script, byte[]? input = null, string directory = "/") => Shell.Run(user, script, Variables(user), input, directory);

    /// <summary>Where the binary and the user's store are; all that a decant run by a test finds in its environment beside PATH and HOME.</summary>
    public static Dictionary<string, string> Variables(User user) => new()
    {
        ["decant"] = Workplace.Decant,
        ["DECANT_ROOT"] = TestImages.Store(user),
    };
}
