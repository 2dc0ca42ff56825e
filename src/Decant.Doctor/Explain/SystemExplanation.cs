using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers to errors over locales, certificates, headers and the processor.</summary>
static class SystemExplanation
{
    static readonly string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <param name="message">Of one of these kinds.</param>
    public static Finding Of(ExaminedCommand command, KnownMessage message) => message.Kind switch
    {
        KnownMessageKind.Header => Header(command, message.Subject),
        KnownMessageKind.Locale => Locale(command),
        KnownMessageKind.Certificates => Certificates(command),
        _ => Instruction(),
    };

    static Finding Locale(ExaminedCommand command)
    {
        string[] seen = [.. variables.Where(name => command.Environment[name] is { Length: > 0 }).Select(name => Line(command, name, command.Environment[name]!))];
        bool hasUtf8 = LocaleCheck.Has(command, "C.UTF-8");
        return Error(
            "locale-missing", "a program asks for a locale that its root does not have", seen.Length > 0 ? seen : ["the image's environment asks for none, so the variable came from elsewhere"],
            hasUtf8 ? "-e LC_ALL=C.UTF-8, which the image has" : "-e LC_ALL=C, or install the locale in the image: the package locales or glibc-langpack");
    }

    static string Line(ExaminedCommand command, string name, string locale) =>
        $"{name} is {PathBytes.Printable(locale)}, which the image {(LocaleCheck.Has(command, locale) ? "has" : "does not have")}";

    static Finding Certificates(ExaminedCommand command) => CertificateCheck.Bundle(command) is { } bundle
        ? Error(
            "certificates-missing", "no authority that the program knows has signed the server's certificate: one of a company or a proxy, or the program looks for certificates elsewhere", [$"the image has {PathBytes.Printable(bundle)}"],
            $"add the authority's certificate: -v FILE:{PathBytes.Printable(bundle)}:ro with all that are wanted; or SSL_CERT_FILE={PathBytes.Printable(bundle)}, for Python's requests REQUESTS_CA_BUNDLE")
        : Error(
            "certificates-missing", "the image has no certificates of authorities, so no server is trusted over TLS", [],
            "install ca-certificates in the image, or show it the host's: -v /etc/ssl/certs:/etc/ssl/certs:ro");

    static Finding Header(ExaminedCommand command, string name)
    {
        string printable = PathBytes.Printable(name);
        PythonFiles files = command.Root.Python;
        string fix = name != "Python.h" ? $"install the development package that has it: apt-file search {printable}, or dnf provides '*/{printable}'"
            : PythonSystemPackages.IsDebian(files) && Explanation.OnPath(command, "python3") is { } python && PythonSystemPackages.IsSystem(python, files) ? "apt-get install python3-dev"
            : "install the headers of the interpreter that it is built for: the package python3-devel or python3-dev";
        return Error("header-missing", $"the compiler does not find the header {printable}", [], fix);
    }

    static Finding Instruction() => Error(
        "illegal-instruction", "the program, or a library of it, has instructions that the processor does not know: built for a newer one, such as x86-64-v3 (AVX2) or x86-64-v4 (AVX-512), or with -march=native on another machine", [],
        "install a build for every processor, such as x86-64-v2; lscpu shows what this one knows, and under qemu or a virtual machine it may be less");

    static Finding Error(string id, string cause, IReadOnlyList<string> evidence, string fix) => new()
    {
        Id = id,
        Severity = FindingSeverity.Error,
        Cause = cause,
        Evidence = evidence,
        Fix = fix,
    };
}
