using Decant.Linux;

namespace Decant.Devices;

/// <summary>
/// What the hooks of a specification would do to a container by NVIDIA's programs nvidia-cdi-hook and nvidia-ctk (their command lines, in the
/// container toolkit). decant does it by itself: no program of a specification is run.
/// </summary>
public sealed record NvidiaHooks
{
    /// <summary>create-symlinks: what each link says, and where it is.</summary>
    public IReadOnlyList<(string Target, string Link)> Links { get; init; } = [];

    /// <summary>update-ldcache: directories whose libraries the loader is to find.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>enable-cuda-compat; null where it is not asked for.</summary>
    public CudaCompatRequest? Compat { get; init; }

    /// <summary>chmod.</summary>
    public IReadOnlyList<(string Path, uint Mode)> Modes { get; init; } = [];

    /// <summary>disable-device-node-modification: the driver's libraries are told to make no nodes.</summary>
    public bool HidesDeviceFiles { get; init; }

    /// <summary>update-application-profile: graphics sees the GPUs that the program has, and no others.</summary>
    public bool LimitsGraphics { get; init; }

    /// <param name="option">Who asks, for messages.</param>
    /// <exception cref="DecantException">One of them is something else.</exception>
    public static NvidiaHooks Parse(IEnumerable<CdiHook> hooks, string option)
    {
        NvidiaHooks all = new();
        foreach (CdiHook hook in hooks)
            all = all.With(hook, option);
        return all;
    }

    NvidiaHooks With(CdiHook hook, string option)
    {
        string program = LinuxPath.Name(hook.Path);
        // Where NVIDIA's operator installs them, a script of the program's name starts this.
        if (program.EndsWith(".real", StringComparison.Ordinal))
            program = program[..^".real".Length];
        List<string> words = [.. hook.Arguments.Skip(1)];
        // Flags of the program itself, such as --debug, come before the hook's name.
        words.RemoveRange(0, words.TakeWhile(word => word.StartsWith('-')).Count());
        bool isNvidias = program == "nvidia-cdi-hook" || (program == "nvidia-ctk" && words.FirstOrDefault() == "hook");
        if (program == "nvidia-ctk" && isNvidias)
            words.RemoveAt(0);
        if (!isNvidias || words.Count == 0)
            throw Unknown(hook, option, $"the program {PathBytes.Printable(hook.Path)}");
        string name = words[0];
        if (hook.Name != "createContainer")
            throw Unknown(hook, option, $"{PathBytes.Printable(name)} of {PathBytes.Printable(program)}");
        List<(string Flag, string Value)> flags = Flags(words[1..], name, option);
        switch (name)
        {
            case "create-symlinks":
                IEnumerable<(string, string)> links = [.. Values(flags, "csv-filename").SelectMany(file => NvidiaTegra.Links(file, Last(flags, "host-root") ?? "/", option)), .. Values(flags, "link").Select(link => Link(link, option))];
                return this with { Links = [.. Links.Union(links)] };
            case "update-ldcache":
                return this with { Folders = [.. Folders.Union(Values(flags, "folder"))] };
            case "enable-cuda-compat":
                return this with { Compat = new CudaCompatRequest(Last(flags, "host-driver-version"), Last(flags, "host-cuda-version"), Last(flags, "cuda-compat-container-root") ?? CudaCompatRequest.UsualDirectory) };
            case "chmod":
                uint mode = Mode(Last(flags, "mode"), option);
                return this with { Modes = [.. Modes, .. Values(flags, "path").Select(path => (path, mode))] };
            case "disable-device-node-modification":
                return this with { HidesDeviceFiles = true };
            case "update-application-profile":
                return this with { LimitsGraphics = true };
            case "noop":
                return this;
            default:
                throw Unknown(hook, option, $"{PathBytes.Printable(name)} of {PathBytes.Printable(program)}");
        }
    }

    static DecantException Unknown(CdiHook hook, string option, string what) => new(
        $"{option}: its specification wants a {PathBytes.Printable(hook.Name)} hook, {what}, which decant does not know, and it runs no program of a specification",
        "make a specification without it, or give what it needs by --device PATH and --volume");

    /// <summary>--flag value, --flag=value; each of a hook takes a value.</summary>
    static List<(string Flag, string Value)> Flags(List<string> words, string hook, string option)
    {
        List<(string, string)> flags = [];
        for (int i = 0; i < words.Count; i++)
        {
            string flag = words[i].TrimStart('-');
            if (flag == words[i])
                throw new DecantException($"{option}: the hook {PathBytes.Printable(hook)} has the argument {PathBytes.Printable(words[i])}, which decant does not know");
            int equals = flag.IndexOf('=');
            string value = equals >= 0 ? flag[(equals + 1)..] : i + 1 < words.Count ? words[++i] : "";
            flag = equals >= 0 ? flag[..equals] : flag;
            bool isKnown = (hook, flag) switch
            {
                ("create-symlinks", "link" or "csv-filename") or ("update-ldcache", "folder" or "ldconfig-path") or ("chmod", "mode" or "path") => true,
                ("enable-cuda-compat", "host-driver-version" or "host-cuda-version" or "cuda-compat-container-root") => true,
                // Where a container's root is written; a launch knows its own.
                (not "noop", "container-spec") => true,
                ("create-symlinks", "host-root") => true,
                // What is not known at all is told by its name.
                _ => hook is not ("create-symlinks" or "update-ldcache" or "chmod" or "enable-cuda-compat" or "disable-device-node-modification" or "update-application-profile" or "noop"),
            };
            if (!isKnown)
                throw new DecantException($"{option}: the hook {PathBytes.Printable(hook)} has the option --{PathBytes.Printable(flag)}, which decant does not know");
            flags.Add((flag, value));
        }

        return flags;
    }

    /// <summary>The hooks' command lines divide the values of a list at commas.</summary>
    static IEnumerable<string> Values(List<(string Flag, string Value)> flags, string name) =>
        flags.Where(flag => flag.Flag == name).SelectMany(flag => flag.Value.Split(',', StringSplitOptions.RemoveEmptyEntries));

    static string? Last(List<(string Flag, string Value)> flags, string name)
    {
        string? value = flags.FindLast(flag => flag.Flag == name).Value;
        return string.IsNullOrEmpty(value) ? null : value;
    }

    static (string Target, string Link) Link(string text, string option)
    {
        string[] parts = text.Split("::");
        return parts.Length == 2 && parts[0].Length > 0 && parts[1].Length > 0
            ? (parts[0], parts[1])
            : throw new DecantException($"{option}: the hook create-symlinks has the link {PathBytes.Printable(text)}, which is not TARGET::LINK");
    }

    static uint Mode(string? text, string option)
    {
        if (text is null)
            throw new DecantException($"{option}: the hook chmod has no mode");
        uint mode = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7' || mode > 0x1FF)
                throw new DecantException($"{option}: the hook chmod has the mode {PathBytes.Printable(text)}, which is not octal");
            mode = mode * 8 + (uint)(c - '0');
        }

        return mode;
    }
}
