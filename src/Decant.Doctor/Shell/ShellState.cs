namespace Decant.Doctor;

/// <summary>What is known of a shell, or of a process that it has forked, at a place of its text.</summary>
/// <param name="changes">Shared with every copy.</param>
sealed class ShellState(ShellChanges changes)
{
    public ShellChanges Changes { get; } = changes;

    /// <summary>That are set; a value of null is not known.</summary>
    public Dictionary<string, (string? Value, bool IsExported)> Variables { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>A body of null is not known.</summary>
    public Dictionary<string, ShellNode?> Functions { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>"$@"; null where it is not known.</summary>
    public IReadOnlyList<string>? Arguments { get; set; } = [];

    /// <summary>"$0"; null where it is not known.</summary>
    public string? Zero { get; set; }

    /// <summary>Absolute; null where it is not known.</summary>
    public string? Directory { get; set; }

    public bool ErrExit { get; set; }

    public bool PipeFail { get; set; }

    public bool NoUnset { get; set; }

    public bool AllExport { get; set; }

    /// <summary>The shell has come here unless something fails.</summary>
    public bool IsCertain { get; set; } = true;

    /// <summary>Something has run that may have changed anything in the shell.</summary>
    public bool IsLost { get; set; }

    /// <summary>Nothing behind is reached.</summary>
    public bool HasEnded { get; set; }

    /// <summary>And that up to the end of the function or file only.</summary>
    public bool HasReturned { get; set; }

    /// <summary>Of what ended it.</summary>
    public ShellStatus LastStatus { get; set; }

    /// <param name="value">Null where it is not known.</param>
    public void Set(string name, string? value, bool isExported = false) =>
        Variables[name] = (value, isExported || AllExport || (Variables.TryGetValue(name, out (string? Value, bool IsExported) known) && known.IsExported));

    /// <summary>As fork(2) does.</summary>
    public ShellState Copy() => new(Changes)
    {
        Variables = new(Variables, StringComparer.Ordinal),
        Functions = new(Functions, StringComparer.Ordinal),
        Arguments = Arguments,
        Zero = Zero,
        Directory = Directory,
        ErrExit = ErrExit,
        PipeFail = PipeFail,
        NoUnset = NoUnset,
        AllExport = AllExport,
        IsCertain = IsCertain,
        IsLost = IsLost,
    };
}
