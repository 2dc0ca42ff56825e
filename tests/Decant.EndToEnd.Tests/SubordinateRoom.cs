namespace Decant.EndToEnd.Tests;

/// <summary>
/// Mount and process namespaces in which there is one more user, maud, whom /etc/subuid and /etc/subgid give the ids from 300000 on,
/// mapped by Debian's newuidmap and newgidmap: as 1 and on.
/// </summary>
static class SubordinateRoom
{
    public static User Maud { get; } = new("a user with subordinate ids", 61235);

    /// <summary>Runs a command there, as root.</summary>
    /// <param name="variables">Over those of <see cref="DecantBinary"/>.</param>
    /// <param name="hasRange">Without one, both files are empty.</param>
    public static ProgramResult Run(string[] command, Dictionary<string, string> variables, bool hasRange = true)
    {
        Dictionary<string, string> all = DecantBinary.Variables(Maud);
        foreach ((string name, string value) in variables)
            all[name] = value;
        all["range"] = hasRange ? "maud:300000:65536" : "";
        return Shell.Execute(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "/bin/bash", "-c", """
                mount -t tmpfs etc /opt && mkdir /opt/upper /opt/work &&
                  mount -t overlay -o lowerdir=/etc,upperdir=/opt/upper,workdir=/opt/work etc /etc &&
                  mount -t tmpfs -o mode=1777 room /dev/shm || exit 91
                echo 'maud:x:61235:61235::/nonexistent:/bin/sh' >>/etc/passwd; echo 'maud:x:61235:' >>/etc/group
                echo "$range" | tee /etc/subuid >/etc/subgid
                unset range
                exec "$@"
                """, "-", .. command],
            all, limit: TimeSpan.FromMinutes(2));
    }
}
