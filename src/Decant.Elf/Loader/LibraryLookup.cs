namespace Decant.Elf;

/// <summary>A name that the loader looked up, and what it bound it to.</summary>
/// <param name="Name">As DT_NEEDED, PT_INTERP or LD_PRELOAD has it.</param>
/// <param name="RequestedBy">The object that asked.</param>
/// <param name="Rule">Why it is this file; <see cref="BindingRule.AlreadyLoaded"/> where an earlier lookup had brought it.</param>
public sealed record LibraryLookup(string Name, LoadedObject RequestedBy, BindingRule Rule)
{
    /// <summary>Null where the name is missing, or what was found is unfit.</summary>
    public LoadedObject? Object { get; init; }

    /// <summary>The object whose RPATH or RUNPATH it was; null for the other rules.</summary>
    public LoadedObject? Source { get; init; }

    /// <summary>Why the loader gives up on this name; null where all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>The file that ended the search though it will not do; null where there was none.</summary>
    public string? Unfit { get; init; }

    /// <summary>Files passed over on the way, for another machine or class.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Where a missing name was searched, in order; empty otherwise.</summary>
    public IReadOnlyList<SearchedPlace> Searched { get; init; } = [];

    /// <summary>The name may be missing: DT_AUXILIARY, or LD_PRELOAD, of which the loader only complains.</summary>
    public bool IsOptional { get; init; }
}
