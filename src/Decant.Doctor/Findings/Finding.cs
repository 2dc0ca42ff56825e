namespace Decant.Doctor;

/// <summary>One thing that is wrong with a command in a root, known before it runs.</summary>
public sealed record Finding
{
    /// <summary>Stable; lower case with hyphens: "library-missing".</summary>
    public required string Id { get; init; }

    public required FindingSeverity Severity { get; init; }

    /// <summary>One sentence without a full stop; names the file, symbol or module.</summary>
    public required string Cause { get; init; }

    /// <summary>The words in which the program itself would say it, as far as they are known; null where it would say nothing.</summary>
    public string? Message { get; init; }

    /// <summary>What is lacking, where other files may lack it too: a library's name and what decides its case, such as the versions or symbols that are wanted of it. Findings of whole images that agree in it have one cause. Null where it stands alone.</summary>
    public string? Lacking { get; init; }

    /// <summary>Of whole images, the file that lacks it; null elsewhere.</summary>
    public string? File { get; init; }

    /// <summary>What was seen: a line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What to do where no change of the environment helps: a command to type or a thing to install; null where nothing is known.</summary>
    public string? Fix { get; init; }

    /// <summary>Changes that may make it go away, each by itself, the likeliest first. None of them is proved.</summary>
    public IReadOnlyList<EnvironmentChange> Candidates { get; init; } = [];
}
