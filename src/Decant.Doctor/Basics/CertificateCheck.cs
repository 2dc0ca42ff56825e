using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a program that speaks TLS finds certificates of authorities: without them no connection to a public server is trusted (SSL_CTX_set_default_verify_paths(3)).</summary>
static class CertificateCheck
{
    static readonly string[] libraries = ["libssl.so", "libgnutls.so", "libmbedtls.so", "libnss3.so"];

    /// <summary>Where distributions keep them: Debian and Alpine, Fedora, openSUSE, and OpenSSL's own default.</summary>
    static readonly string[] bundles =
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem", "/usr/local/ssl/cert.pem"];

    public static IEnumerable<Finding> Examine(LoadedCommand loaded)
    {
        ExaminedCommand command = loaded.Command;
        LoadedObject? library = Tls(loaded.Process);
        if (library is null)
        {
            foreach (Finding finding in OfModules(loaded))
                yield return finding;
            yield break;
        }

        string? set = command.Environment["SSL_CERT_FILE"] is { Length: > 0 } named ? named : null;
        if (set is not null && !Exists(command, set))
        {
            yield return FileMissing(library, set);
        }
        else if (set is null && Bundle(command) is null && !HasHashed(command, library))
        {
            yield return Missing(library, "the image has no certificates of authorities");
        }
        else if (set is null && ClosedDirectories(command, library) is { } directories)
        {
            yield return directories;
        }
    }

    static LoadedObject? Tls(LoadedProcess process) =>
        process.Objects.FirstOrDefault(one => Array.Exists(libraries, name => LinuxPath.Name(one.Path).StartsWith(name, StringComparison.Ordinal)));

    /// <summary>Python's ssl, which looks in both of OpenSSL's places. Packages bring certificates of their own, so that without variables nothing is missed.</summary>
    static IEnumerable<Finding> OfModules(LoadedCommand loaded)
    {
        ExaminedCommand command = loaded.Command;
        LoadedObject? library = loaded.Opened.Select(Tls).FirstOrDefault(one => one is not null);
        if (library is null)
            yield break;
        if (command.Environment["SSL_CERT_FILE"] is { Length: > 0 } file)
        {
            if (!Exists(command, file) && !HasHashed(command, library))
                yield return FileMissing(library, file);
        }
        else if (ClosedDirectories(command, library) is { } directories)
        {
            yield return directories;
        }
    }

    static Finding FileMissing(LoadedObject library, string file) => Missing(library, $"SSL_CERT_FILE names {PathBytes.Printable(file)}, which is not in the image") with
    {
        Candidates = [new EnvironmentChange("SSL_CERT_FILE", null, "the image's own certificates are looked for without it")],
    };

    /// <summary>SSL_CERT_DIR takes the place of the directory that OpenSSL was built with; null where something is found even so.</summary>
    static Finding? ClosedDirectories(ExaminedCommand command, LoadedObject library)
    {
        if (command.Environment["SSL_CERT_DIR"] is not { Length: > 0 } set || !LinuxPath.Name(library.Path).StartsWith("libssl.so", StringComparison.Ordinal))
            return null;
        bool isThere = set.Split(':').Any(directory => command.View.Resolve(directory) is { Exists: true, Status.IsDirectory: true })
            || EmbeddedDirectories.Of(command.Root.Files, Crypto(library)).Any(path => path.EndsWith("/cert.pem", StringComparison.Ordinal) && Exists(command, path));
        return isThere ? null : Missing(library, $"SSL_CERT_DIR names {PathBytes.Printable(set)}, which is not in the image") with
        {
            Candidates = [new EnvironmentChange("SSL_CERT_DIR", null, "the image's own certificates are looked for without it")],
        };
    }

    /// <summary>The file with all certificates of authorities; null where there is none at the usual places.</summary>
    public static string? Bundle(ExaminedCommand command) => Array.Find(bundles, file => Exists(command, file));

    static Finding Missing(LoadedObject library, string what) => new()
    {
        Id = "certificates-missing",
        Severity = FindingSeverity.Warning,
        Cause = $"{what}, so no server is trusted over TLS, as by https",
        Message = "unable to get local issuer certificate",
        Evidence = [$"the program binds {PathBytes.Printable(library.Path)}"],
        Fix = "install ca-certificates in the image, or show it the host's: -v /etc/ssl/certs:/etc/ssl/certs:ro",
    };

    /// <summary>SSL_CERT_DIR, or certs/ below what libcrypto was built with, with files named by hashes (openssl-rehash(1)).</summary>
    static bool HasHashed(ExaminedCommand command, LoadedObject library)
    {
        string[] directories = command.Environment["SSL_CERT_DIR"] is { Length: > 0 } own ? own.Split(':') : [.. EmbeddedDirectories.Of(command.Root.Files, Crypto(library)).Where(directory => directory.EndsWith("/certs", StringComparison.Ordinal)), "/etc/ssl/certs"];
        foreach (string directory in directories)
        {
            if (command.View.Resolve(directory) is not { Exists: true, Status.IsDirectory: true })
                continue;
            try
            {
                if (command.View.Names(directory).Any(name => name.EndsWith(".0", StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal)))
                    return true;
            }
            catch (LinuxException)
            {
                // Closed to the caller, as to the program.
            }
        }

        return false;
    }

    static string Crypto(LoadedObject library) => library.Path.Replace("libssl.so", "libcrypto.so", StringComparison.Ordinal);

    static bool Exists(ExaminedCommand command, string path) => command.View.Resolve(path) is { Exists: true, Status.IsRegular: true };
}
