namespace Decant.EndToEnd.Tests;

/// <summary>Who runs decant: root, or an ordinary user who is in no group and in no passwd file. Each of another name has a store of his own.</summary>
public sealed record User(string Name, int Id)
{
    public static User Root { get; } = new("root", 0);
    public static User Ordinary { get; } = new("an ordinary user", 61234);

    /// <summary>Both, as the rows of a theory.</summary>
    public static TheoryData<User> Both { get; } = [Root, Ordinary];

    /// <summary>The words before a command line that make it this user's.</summary>
    public string[] Prefix => Id == 0 ? [] : ["setpriv", $"--reuid={Id}", $"--regid={Id}", "--clear-groups", "--inh-caps=-all", "--"];

    public override string ToString() => Name;
}
