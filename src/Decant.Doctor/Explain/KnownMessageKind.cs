namespace Decant.Doctor;

/// <summary>What a line of an error text says.</summary>
enum KnownMessageKind
{
    /// <summary>A library was not found.</summary>
    Library,

    /// <summary>Nothing provides a symbol.</summary>
    Symbol,

    /// <summary>A library does not define a version.</summary>
    SymbolVersion,

    /// <summary>Python found no module.</summary>
    Module,

    /// <summary>There is no program of that name.</summary>
    Program,

    /// <summary>Triton does not know the CUDA of its ptxas.</summary>
    Triton,

    /// <summary>Open MPI does not find its own files.</summary>
    OpenMpi,

    /// <summary>CUDA sees no device or driver.</summary>
    Driver,

    /// <summary>A program or library is for another machine.</summary>
    Format,
}
