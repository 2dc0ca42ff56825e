using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Where credentials are looked for, in the order of containers-auth.json(5): Podman's files, then Docker's.
/// REGISTRY_AUTH_FILE is the only one where it is set.
/// </summary>
sealed class CredentialFiles
{
    readonly List<(string Path, bool IsDockers)> places = [];

    public CredentialFiles(Func<string, string?> variable)
    {
        if (variable("REGISTRY_AUTH_FILE") is { Length: > 0 } only)
        {
            places.Add((LinuxPath.Absolute(only), false));
            return;
        }

        string? home = variable("HOME") is ['/', ..] absolute ? absolute : null;
        places.Add((variable("XDG_RUNTIME_DIR") is ['/', ..] runtime ? runtime + "/containers/auth.json" : $"/run/containers/{Libc.GetEffectiveUserId()}/auth.json", false));
        if (variable("XDG_CONFIG_HOME") is ['/', ..] configuration)
            places.Add((configuration + "/containers/auth.json", false));
        else if (home is not null)
            places.Add((home + "/.config/containers/auth.json", false));
        if (variable("DOCKER_CONFIG") is { Length: > 0 } docker)
            places.Add((LinuxPath.Absolute(docker) + "/config.json", true));
        else if (home is not null)
            places.Add((home + "/.docker/config.json", true));
    }

    /// <summary>The paths, the first that counts first.</summary>
    public IReadOnlyList<string> Paths => places.ConvertAll(place => place.Path);

    /// <summary>The credentials for a repository; null where no file has any. A file that cannot be used says so through <paramref name="notify"/>.</summary>
    public RegistryCredential? Find(string host, string? repository, Action<string> notify)
    {
        foreach ((string path, bool isDockers) in places)
        {
            try
            {
                if (CredentialFile.TryRead(path, isDockers)?.Find(host, repository) is { } found)
                    return found;
            }
            // An image that anybody may have does not need the file: the registry decides.
            catch (DecantException e)
            {
                string cause = e.Message.StartsWith(PathBytes.Printable(path), StringComparison.Ordinal) ? e.Message : $"{PathBytes.Printable(path)}: {e.Message}";
                notify($"no credentials from {cause}");
            }
        }

        return null;
    }

    /// <summary>Keeps them where the registry has an entry already, else in the last file, Docker's. Returns the file's path.</summary>
    public string Save(string host, string user, string password)
    {
        if (places.Count == 0)
            throw new DecantException("no place for credentials: HOME is not set to an absolute path", "export HOME, DOCKER_CONFIG or REGISTRY_AUTH_FILE");
        (string path, bool isDockers) = places[^1];
        foreach ((string Path, bool IsDockers) place in places)
        {
            if (CredentialFile.TryRead(place.Path, place.IsDockers)?.Knows(host) == true)
            {
                (path, isDockers) = place;
                break;
            }
        }

        CredentialFile file = CredentialFile.Read(path, isDockers);
        file.Set(host, user, password);
        file.Write();
        return path;
    }

    /// <summary>Forgets the registry in every file; returns the paths of those that knew it.</summary>
    public List<string> Remove(string host)
    {
        List<string> changed = [];
        foreach ((string path, bool isDockers) in places)
        {
            if (CredentialFile.TryRead(path, isDockers) is not { } file || !file.Remove(host))
                continue;
            file.Write();
            changed.Add(path);
        }

        return changed;
    }
}
