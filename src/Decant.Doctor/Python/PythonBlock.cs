namespace Decant.Doctor;

/// <summary>A compound statement's body.</summary>
/// <param name="indent">Of its header.</param>
/// <param name="outer">Null at the module's level.</param>
sealed class PythonBlock(PythonBlockKind kind, int indent, PythonBlock? outer)
{
    public PythonBlockKind Kind { get; } = kind;

    public int Indent { get; } = indent;

    public PythonBlock? Outer { get; } = outer;

    /// <summary>Of a handler, else or finally: the try that it belongs to; of a try: itself.</summary>
    public PythonBlock? Try { get; init; }

    /// <summary>A try's handlers that take an import's failure and go on.</summary>
    public int Catching { get; set; }

    /// <summary>A handler that would take an import's failure.</summary>
    public bool IsCatching { get; init; }

    /// <summary>A handler that ends in a raise.</summary>
    public bool Raises { get; set; }

    /// <summary>Its condition looks at the command line or the environment.</summary>
    public bool AsksCommandLine { get; init; }

    /// <summary>An if whose condition is a name that only a package's own setup.py sets.</summary>
    public bool AsksSetup { get; init; }

    /// <summary>Its condition looks at the operating system.</summary>
    public bool AsksPlatform { get; init; }

    /// <summary>It is met only where the file is the program itself, not where it is imported.</summary>
    public bool IsOfMain() => Kind == PythonBlockKind.Main || Outer?.IsOfMain() == true;

    public PythonReach Reach()
    {
        PythonReach reach = PythonReach.Always;
        for (PythonBlock? block = this; block is not null; block = block.Outer)
        {
            PythonReach own = block.Kind switch
            {
                PythonBlockKind.Function => PythonReach.WhenCalled,
                PythonBlockKind.Main => PythonReach.AsMain,
                PythonBlockKind.Branch => PythonReach.Sometimes,
                PythonBlockKind.Try when block.Catching > 0 => PythonReach.Sometimes,
                _ => PythonReach.Always,
            };
            reach = own > reach ? own : reach;
        }

        return reach;
    }
}
