using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Whether the locale that the environment asks for is in the root (setlocale(3), locale(7); locale/findlocale.c and localearchive of
/// glibc). Programs that do not find it go on in the C locale: in ASCII, and with a warning of some.
/// </summary>
static class LocaleCheck
{
    const string Archive = "/usr/lib/locale/locale-archive";

    /// <summary>An archive with every locale of glibc has 220 MB.</summary>
    const int MostBytes = 300 << 20;

    /// <summary>In the order in which they decide.</summary>
    static readonly string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];

    static readonly string[] directories = ["/usr/lib/locale", "/usr/share/locale", "/usr/share/i18n/locales"];

    /// <param name="loaded">A program of the command; another libc than glibc has its own locales in itself.</param>
    public static IEnumerable<Finding> Examine(LoadedCommand loaded)
    {
        ExaminedCommand command = loaded.Command;
        string? variable = Array.Find(variables, name => command.Environment[name] is { Length: > 0 });
        if (variable is null || loaded.Process.Settings.Kind != LoaderKind.Glibc || !loaded.Process.Objects.Any(one => one.File.Imports("setlocale")))
            yield break;
        string locale = command.Environment[variable]!;
        if (Has(command, locale))
            yield break;
        List<EnvironmentChange> candidates = [];
        if (Has(command, "C.UTF-8"))
            candidates.Add(new EnvironmentChange(variable, "C.UTF-8", "the image has C.UTF-8"));
        yield return new Finding
        {
            Id = "locale-missing",
            Severity = FindingSeverity.Warning,
            Cause = $"{variable} asks for the locale {PathBytes.Printable(locale)}, which is not in the image, so programs speak ASCII",
            Message = "cannot change locale",
            Evidence = [$"neither {Archive} has it nor a directory of its name below {directories[0]}"],
            Fix = candidates.Count > 0 ? $"-e {variable}=C.UTF-8, or in the image: localedef -i {PathBytes.Printable(Definition(locale))} -f {PathBytes.Printable(Charset(locale))} {PathBytes.Printable(locale)}" : $"install the locale {PathBytes.Printable(locale)} in the image: localedef -i {PathBytes.Printable(Definition(locale))} -f {PathBytes.Printable(Charset(locale))} {PathBytes.Printable(locale)}",
            Candidates = candidates,
        };
    }

    public static bool Has(ExaminedCommand command, string locale)
    {
        if (locale is "C" or "POSIX" || locale.Contains('/'))
            return true;
        string normal = Normalized(locale);
        // In glibc itself since 2.35.
        if (normal == "C.utf8" && command.Root.Files.Find(LibC(command) ?? "")?.Defines("GLIBC_2.35") == true)
            return true;
        string? own = command.Environment["LOCPATH"];
        string[] places = own is { Length: > 0 } ? own.Split(':') : [directories[0]];
        foreach (string place in places)
        {
            foreach (string name in (string[])[normal, locale])
            {
                if (command.View.Resolve($"{place}/{name}/LC_CTYPE").Exists)
                    return true;
            }
        }

        return own is not { Length: > 0 } && command.Root.Files.Read(Archive, MostBytes) is { } archive && archive.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{normal}\0")) >= 0;
    }

    /// <summary>The character set in lower case, with nothing but letters and digits (_nl_normalize_codeset): en_US.UTF-8 is en_US.utf8.</summary>
    internal static string Normalized(string locale)
    {
        int dot = locale.IndexOf('.');
        if (dot < 0)
            return locale;
        int at = locale.IndexOf('@', dot);
        string codeset = locale[(dot + 1)..(at < 0 ? locale.Length : at)];
        string normal = string.Concat(codeset.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (normal.All(char.IsAsciiDigit))
            normal = "iso" + normal;
        return $"{locale[..dot]}.{normal}{(at < 0 ? "" : locale[at..])}";
    }

    /// <summary>The file below /usr/share/i18n/locales that it is made from: "de_DE@euro" for de_DE.ISO-8859-15@euro.</summary>
    static string Definition(string locale)
    {
        int at = locale.IndexOf('@');
        return locale.Split('.', '@')[0] + (at < 0 ? "" : locale[at..]);
    }

    /// <summary>The file below /usr/share/i18n/charmaps, by its usual writing; what is not named is the language's old one, and nearly always ISO 8859-1.</summary>
    internal static string Charset(string locale)
    {
        int dot = locale.IndexOf('.');
        if (dot < 0)
            return locale.EndsWith("@euro", StringComparison.Ordinal) ? "ISO-8859-15" : "ISO-8859-1";
        string named = locale[(dot + 1)..].Split('@')[0];
        string normal = Normalized(locale)[(dot + 1)..].Split('@')[0];
        return normal switch
        {
            "utf8" => "UTF-8",
            "eucjp" => "EUC-JP",
            "euckr" => "EUC-KR",
            "koi8r" => "KOI8-R",
            "koi8u" => "KOI8-U",
            _ when normal.StartsWith("iso8859", StringComparison.Ordinal) => $"ISO-8859-{normal["iso8859".Length..]}",
            _ => named,
        };
    }

    static string? LibC(ExaminedCommand command)
    {
        foreach (string directory in command.Root.LibraryDirectories("libc.so.6"))
            return $"{directory}/libc.so.6";
        return null;
    }
}
