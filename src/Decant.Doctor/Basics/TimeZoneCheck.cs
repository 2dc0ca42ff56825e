using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the time zone that TZ names is in the root (tzset(3)). Programs that do not find it go on in UTC, without a word.</summary>
static class TimeZoneCheck
{
    const string Zones = "/usr/share/zoneinfo";

    public static IEnumerable<Finding> Examine(ExaminedCommand command)
    {
        if (command.Environment["TZ"] is not { Length: > 0 } zone || zone == ":" || IsRule(zone))
            yield break;
        string name = zone.TrimStart(':');
        string file = name.StartsWith('/') ? name : $"{(command.Environment["TZDIR"] is { Length: > 0 } own ? own : Zones)}/{name}";
        if (command.View.Resolve(file) is { Exists: true, Status.IsRegular: true })
            yield break;
        yield return new Finding
        {
            Id = "timezone-missing",
            Severity = FindingSeverity.Warning,
            Cause = $"TZ asks for {PathBytes.Printable(name)}, and {PathBytes.Printable(file)} is not in the image, so times are in UTC",
            Evidence = [$"TZ is {PathBytes.Printable(zone)}"],
            Fix = $"install tzdata in the image, or show it the host's: -v {Zones}:{Zones}:ro",
            Candidates = [new EnvironmentChange("TZ", null, "without TZ the time zone is the host's, whose /etc/localtime is there")],
        };
    }

    /// <summary>"CET-1CEST" or "UTC0": a name of letters, or one in angle brackets, and an offset (POSIX.1-2017, 8.3). "UTC" and "GMT" are what glibc makes of an unknown name anyhow.</summary>
    static bool IsRule(string zone)
    {
        int end = 0;
        if (zone.StartsWith('<'))
            end = zone.IndexOf('>') + 1;
        while (end < zone.Length && char.IsAsciiLetter(zone[end]))
            end++;
        return zone is "UTC" or "GMT" or "Z" || (end >= 3 && end < zone.Length && (char.IsAsciiDigit(zone[end]) || zone[end] is '+' or '-'));
    }
}
