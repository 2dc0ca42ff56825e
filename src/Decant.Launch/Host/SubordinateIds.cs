using Decant.Linux;

namespace Decant.Launch;

/// <summary>A range of numbers that a user may map into user namespaces (subuid(5), subgid(5)).</summary>
public readonly record struct SubordinateRange(uint Start, uint Count);

/// <summary>The files /etc/subuid and /etc/subgid.</summary>
public static class SubordinateIds
{
    /// <summary>A user's ranges, in the file's order. Lines name the user or give its number, in both files.</summary>
    /// <param name="file">For messages.</param>
    /// <exception cref="DecantException">A line of this user is not OWNER:START:COUNT.</exception>
    public static IReadOnlyList<SubordinateRange> Parse(string text, string file, string? userName, uint userId)
    {
        List<SubordinateRange> ranges = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] fields = line.Split(':');
            bool ours = (userName is not null && fields[0] == userName) || fields[0] == userId.ToString();
            if (!ours)
                continue;
            if (fields.Length != 3 || !uint.TryParse(fields[1], out uint start) || !uint.TryParse(fields[2].Trim(), out uint count) || uint.MaxValue - count < start)
                throw new DecantException($"{file} line {number} is not OWNER:START:COUNT: {PathBytes.Printable(line)}", $"correct the line in {file} (subuid(5))");
            if (count > 0)
                ranges.Add(new SubordinateRange(start, count));
        }

        return ranges;
    }
}
