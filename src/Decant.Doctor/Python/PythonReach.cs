namespace Decant.Doctor;

/// <summary>When an import of a module is met.</summary>
enum PythonReach
{
    /// <summary>Whenever the module is imported, and nothing catches its failure.</summary>
    Always,

    /// <summary>Below "if __name__ == '__main__'".</summary>
    AsMain,

    /// <summary>In a branch or loop, where its failure is caught, or behind the end of the program.</summary>
    Sometimes,

    /// <summary>In a function.</summary>
    WhenCalled,
}
