using Decant.Linux;

namespace Decant.Launch;

/// <summary>What a plan needs to know of the caller and the host.</summary>
public sealed record LaunchHost
{
    public required uint Uid { get; init; }
    public required uint Gid { get; init; }

    /// <summary>Standard output is a terminal.</summary>
    public required bool OnTerminal { get; init; }

    /// <summary>The caller may mount overlayfs. Asked only by launches that can do without.</summary>
    public required Func<bool> HasOverlay { get; init; }

    /// <summary>decant's own environment.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>As <see cref="CallerNamespace.IsRoot"/> has it; everyone else gets a user namespace.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>How the program's users are to be mapped, whoever the caller is; null where the planner chooses.</summary>
    public IdMapping? Mapping { get; init; }

    /// <summary>Overlays keep their marks in user.* attributes, as trusted.* are for root of the host's own user namespace.</summary>
    public required bool UserXattrs { get; init; }

    public static LaunchHost Probe() => new()
    {
        Uid = Libc.GetEffectiveUserId(),
        Gid = Libc.GetEffectiveGroupId(),
        IsRoot = CallerNamespace.IsRoot,
        UserXattrs = Libc.GetEffectiveUserId() != 0 || !CallerNamespace.IsFirst,
        OnTerminal = Terminals.IsTerminal(1),
        HasOverlay = OffersOverlay,
        Variable = CallerEnvironment.Get,
    };

    /// <summary>In the kernel, or a module that the first mount loads. Older kernels keep it for root, unless their distribution changed that.</summary>
    static bool OffersOverlay()
    {
        OverlayFacts facts = OverlayFacts.Probe(new HostFiles());
        return (facts.Registered || facts.ModuleAvailable)
            && (Libc.GetEffectiveUserId() == 0 || facts.Kernel.IsAtLeast(5, 11) || HostTrial.Overlay() == Errno.None);
    }
}
