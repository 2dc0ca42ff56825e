namespace Decant.Doctor;

/// <summary>What shells do themselves, and what ordinary utilities leave as it is.</summary>
static class ShellBuiltIns
{
    /// <summary>Of sh, dash, bash and BusyBox's ash.</summary>
    static readonly HashSet<string> common = new(StringComparer.Ordinal)
    {
        ".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "jobs", "kill", "local", "printf", "pwd",
        "read", "readonly", "return", "set", "shift", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait",
    };

    /// <summary>Of bash, and in part of others, but not of dash.</summary>
    static readonly HashSet<string> ofBash = new(StringComparer.Ordinal)
    {
        "[[", "bind", "builtin", "caller", "compgen", "complete", "compopt", "declare", "dirs", "disown", "enable", "help", "history", "let", "logout", "mapfile", "popd", "pushd", "readarray", "shopt", "source",
        "suspend", "typeset",
    };

    /// <summary>Programs that bring no program, library or module into a root, as they are used.</summary>
    static readonly HashSet<string> harmless = new(StringComparer.Ordinal)
    {
        "awk", "basename", "cat", "cmp", "cut", "date", "df", "diff", "dirname", "du", "egrep", "expr", "false", "fgrep", "file", "free", "getconf", "getent", "grep", "groups", "head", "hostname", "id", "ldd", "locale",
        "ls", "lscpu", "lspci", "md5sum", "mkdir", "mountpoint", "mysqladmin", "nc", "nproc", "nvidia-smi", "pg_isready", "pgrep", "ping", "printenv", "ps", "readlink", "realpath", "redis-cli", "rmdir", "seq", "sha256sum", "sleep",
        "sort", "stat", "stty", "sync", "tail", "taskset", "test", "tr", "true", "tty", "uname", "uniq", "uptime", "wc", "which", "whoami",
    };

    public static bool Has(string name, bool isDash) => common.Contains(name) || (!isDash && ofBash.Contains(name));

    public static bool IsOfBash(string name) => ofBash.Contains(name);

    /// <summary>A program with its arguments leaves the programs and libraries of the root as they are.</summary>
    public static bool IsHarmless(string program) => harmless.Contains(Linux.LinuxPath.Name(program));
}
