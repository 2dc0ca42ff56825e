using Decant.Linux;

namespace Decant.Launch;

/// <summary>One variable of the program's environment and where it comes from.</summary>
public sealed record EnvironmentVariable(string Name, string Value, string Origin);

/// <summary>
/// What the program finds in its environment: the image's, verbatim; PATH and HOME where the image has none; TERM on a terminal; with --mpi
/// what the launcher tells its ranks; and what the user named. Nothing else of the host's.
/// </summary>
public sealed class LaunchEnvironment
{
    /// <summary>What docker sets where an image names no PATH.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    readonly List<EnvironmentVariable> variables = [];

    /// <summary>In the order in which the program gets them; each name once.</summary>
    public IReadOnlyList<EnvironmentVariable> Variables => variables;

    public string? this[string name] => variables.Find(variable => variable.Name == name)?.Value;

    /// <param name="spec">The image's variables and the user's.</param>
    /// <param name="user">For HOME.</param>
    /// <param name="onTerminal">The program writes to a terminal.</param>
    /// <param name="callerVariable">decant's own environment, for -e NAME and TERM.</param>
    public static LaunchEnvironment Build(LaunchSpec spec, ImageUser user, bool onTerminal, Func<string, string?> callerVariable)
    {
        LaunchEnvironment environment = new();
        foreach (string entry in spec.Image.Config.Env)
        {
            int equals = entry.IndexOf('=');
            if (equals > 0)
                environment.Set(entry[..equals], entry[(equals + 1)..], "image");
        }

        if (environment["PATH"] is null)
            environment.Set("PATH", DefaultPath, "default, as the image names none");
        if (environment["HOME"] is null)
            environment.Set("HOME", user.Home, user.Name is null ? "default, as the image does not know the user" : "image, /etc/passwd");
        if (spec.Hostname is not null)
            environment.Set("HOSTNAME", spec.Hostname, "--hostname");
        if (onTerminal && environment["TERM"] is null)
            environment.Set("TERM", callerVariable("TERM") ?? "xterm", "terminal");
        foreach ((string name, string value) in spec.Mpi?.Variables ?? [])
            environment.Set(name, value, MpiJob.Origin);
        foreach (EnvRequest request in spec.Env)
        {
            string? value = request.Remove ? null : request.Value ?? callerVariable(request.Name);
            if (value is not null)
                environment.Set(request.Name, value, request.Origin);
            else
                environment.variables.RemoveAll(variable => variable.Name == request.Name);
        }

        return environment;
    }

    /// <summary>The same with one variable changed; null takes it away.</summary>
    public LaunchEnvironment With(string name, string? value, string origin)
    {
        LaunchEnvironment changed = new();
        changed.variables.AddRange(variables);
        if (value is null)
            changed.variables.RemoveAll(variable => variable.Name == name);
        else
            changed.Set(name, value, origin);
        return changed;
    }

    /// <summary>The same without what is from one place.</summary>
    public LaunchEnvironment Without(string origin)
    {
        LaunchEnvironment rest = new();
        rest.variables.AddRange(variables.FindAll(variable => variable.Origin != origin));
        return rest;
    }

    /// <summary>NAME=VALUE, as execve(2) takes them.</summary>
    public string[] ToStrings()
    {
        string[] strings = new string[variables.Count];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = $"{variables[i].Name}={variables[i].Value}";
        return strings;
    }

    void Set(string name, string value, string origin)
    {
        if (name.Contains('\0') || value.Contains('\0'))
            throw new DecantException($"the environment variable {PathBytes.Printable(name)} ({origin}) holds a NUL byte");
        EnvironmentVariable variable = new(name, value, origin);
        int at = variables.FindIndex(other => other.Name == name);
        if (at >= 0)
            variables[at] = variable;
        else
            variables.Add(variable);
    }
}
