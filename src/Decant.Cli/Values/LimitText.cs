using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>NAME=NUMBER of <c>decant pull --limit</c> and of <c>limits</c> in the configuration; units as in sizes, 0 for no limit.</summary>
static class LimitText
{
    public static (string Name, long Value) Parse(string text)
    {
        int equals = text.IndexOf('=');
        if (equals < 0)
            throw new DecantException("not of the form NAME=NUMBER", "write for example entries=10000000 or bytes=4t");
        string name = text[..equals];
        if (!ImageLimits.Names.Contains(name))
        {
            string? nearest = Suggestion.Nearest(name, ImageLimits.Names);
            throw new DecantException(
                $"there is no limit {PathBytes.Printable(name)}" + (nearest is null ? "" : $"; did you mean {nearest}?"),
                "the limits are " + string.Join(", ", ImageLimits.Names));
        }

        return (name, ByteSize.Parse(text[(equals + 1)..]));
    }
}
