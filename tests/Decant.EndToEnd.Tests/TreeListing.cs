using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>Whole trees as text, entry by entry, to compare what two tools made of one image.</summary>
static class TreeListing
{
    static string Program => Workplace.Existing("tests/Decant.EndToEnd.Tests/Images/tree-listing.py", "git checkout");

    public static string Of(User user, string directory, params string[] options) =>
        Shell.Execute([.. user.Prefix, "python3", Program, directory, .. options], limit: TimeSpan.FromMinutes(5)).Expect(0).Output;

    /// <summary>Of an overlay of directories, topmost first, mounted for the moment.</summary>
    /// <param name="mountOption">"userxattr" for the layers of an ordinary user.</param>
    public static string OfOverlay(IReadOnlyList<string> layers, string mountOption, params string[] options)
    {
        // Links with short names, as mount(8) takes one page of options; an empty directory below, as the kernel wants two.
        string place = Workplace.NewDirectory(User.Root);
        Directory.CreateDirectory($"{place}/empty");
        Directory.CreateDirectory($"{place}/root");
        for (int i = 0; i < layers.Count; i++)
            File.CreateSymbolicLink($"{place}/{i}", layers[i]);
        string lower = string.Join(':', Enumerable.Range(0, layers.Count)) + ":empty";
        string mount = $"cd {place} && mount -t overlay overlay -o {mountOption},lowerdir={lower} root && python3 {Program} root {string.Join(' ', options)}";
        return Shell.Execute(["unshare", "-m", "sh", "-c", mount], limit: TimeSpan.FromMinutes(5)).Expect(0).Output;
    }

    /// <summary>What an image in decant's store shows.</summary>
    public static string OfDecant(User user, string image, params string[] options)
    {
        using JsonDocument report = JsonDocument.Parse(DecantBinary.Run(user, "inspect", image, "--json").Expect(0).OutputBytes);
        return OfOverlay([.. report.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetString()!)], user.Id == 0 ? "ro" : "ro,userxattr", options);
    }

    /// <summary>Fails with the first lines that differ.</summary>
    public static void AssertSame(string expected, string seen, string image)
    {
        if (expected == seen)
            return;
        string[] left = expected.Split('\n');
        string[] right = seen.Split('\n');
        IEnumerable<string> missing = left.Except(right).Take(10).Select(line => "- " + line);
        IEnumerable<string> added = right.Except(left).Take(10).Select(line => "+ " + line);
        Assert.Fail($"{image}: the trees differ\n{string.Join('\n', missing.Concat(added))}");
    }
}
