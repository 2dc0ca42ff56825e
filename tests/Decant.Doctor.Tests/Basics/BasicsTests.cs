using System.Diagnostics;

namespace Decant.Doctor.Tests;

public sealed class BasicsTests
{
    [Theory]
    [InlineData("en_US.UTF-8", "en_US.utf8")]
    [InlineData("de_DE.ISO-8859-15@euro", "de_DE.iso885915@euro")]
    [InlineData("C.UTF-8", "C.utf8")]
    [InlineData("ru_RU.8859-5", "ru_RU.iso88595")]
    [InlineData("en_US", "en_US")]
    public void A_locale_s_character_set_is_written_in_one_way(string locale, string normal) => Assert.Equal(normal, LocaleCheck.Normalized(locale));

    [Theory]
    [InlineData("en_US.UTF-8", "UTF-8")]
    [InlineData("de_DE.ISO-8859-15@euro", "ISO-8859-15")]
    [InlineData("de_DE@euro", "ISO-8859-15")]
    [InlineData("de_DE", "ISO-8859-1")]
    [InlineData("ru_RU.koi8r", "KOI8-R")]
    [InlineData("ja_JP.eucJP", "EUC-JP")]
    [InlineData("zh_CN.GB18030", "GB18030")]
    public void A_locale_s_character_map_is_named(string locale, string charset) => Assert.Equal(charset, LocaleCheck.Charset(locale));

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData(":Europe/Berlin", true)]
    [InlineData("/srv/zone", true)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", false)]
    [InlineData("<+03>-3", false)]
    [InlineData("UTC", false)]
    [InlineData("UTC0", false)]
    [InlineData("Asia/Tokyo", false)]
    [InlineData("", false)]
    public void A_time_zone_that_is_not_there_is_told(string zone, bool told)
    {
        using ScratchRoot root = new();
        root.File("/usr/share/zoneinfo/Asia/Tokyo", "TZif2");
        Assert.Equal(told, TimeZoneCheck.Examine(root.Command([("TZ", zone)], ["app"])).Any());
    }

    [Theory]
    [InlineData("xx_XX.UTF-8")]
    [InlineData("C.UTF-8")]
    [InlineData("POSIX")]
    [InlineData("en_US.UTF-8")]
    public void Of_locales_bash_and_doctor_say_the_same(string locale)
    {
        ExaminedCommand command = new(new RootIndex(new Decant.Images.RootView(["/"]), ["/usr"]), new Decant.Launch.LaunchEnvironment().With("PATH", "/usr/bin:/bin", "test").With("LC_ALL", locale, "test"), "/", ["bash"]);
        bool told = Decant.Doctor.Examination.Examine(command, ScratchRoot.Host).Any(finding => finding.Id == "locale-missing");
        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "true"]) { RedirectStandardError = true, Environment = { ["LC_ALL"] = locale } })!;
        string error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(error.Contains("cannot change locale"), told);
    }

    [Theory]
    [InlineData("openssl", null, null, true)]
    [InlineData("openssl", "/etc/ssl/certs/ca-certificates.crt", null, false)]
    [InlineData("openssl", "/etc/ssl/certs/0a1b2c3d.0", null, false)]
    [InlineData("openssl", "/srv/ca.pem", "/srv/ca.pem", false)]
    [InlineData("openssl", "/etc/ssl/certs/ca-certificates.crt", "/srv/ca.pem", true)]
    [InlineData("ls", null, null, false)]
    [InlineData("python3 -c import(ssl)", null, null, false)]
    [InlineData("python3 -c import(ssl)", null, "/srv/ca.pem", true)]
    [InlineData("python3 -c import(ssl)", "/srv/ca.pem", "/srv/ca.pem", false)]
    [InlineData("python3 -c import(ssl)", null, "/srv", true)]
    [InlineData("python3 -c import(json)", null, "/srv/ca.pem", false)]
    public void Certificates_are_missed_by_programs_that_speak_tls(string program, string? file, string? variable, bool told)
    {
        using ScratchRoot root = new();
        if (file is not null)
            root.File(file, "certificate");
        root.Link("/lib", "usr/lib").Link("/lib64", "usr/lib/x86_64-linux-gnu").Link("/bin", "usr/bin");
        (string, string)[] variables = variable is null ? [] : [(variable == "/srv" ? "SSL_CERT_DIR" : "SSL_CERT_FILE", variable)];
        ExaminedCommand command = root.Command(variables, [.. program.Split(' ').Select(word => word.Replace('(', ' ').TrimEnd(')'))]);
        // The host's program and libraries, nothing else of it.
        foreach (string directory in (string[])["/usr/lib/x86_64-linux-gnu", "/usr/bin", "/usr/lib/python3.11"])
            command.View.Bind(directory, directory);
        Assert.Equal(told, Decant.Doctor.Examination.Examine(command, ScratchRoot.Host).Any(finding => finding.Id == "certificates-missing"));
    }
}
