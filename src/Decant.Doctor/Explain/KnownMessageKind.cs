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

    /// <summary>CUDA sees no device or driver (error 100).</summary>
    Driver,

    /// <summary>CUDA is newer than the driver (error 35).</summary>
    DriverTooOld,

    /// <summary>A library has no code for the GPU (error 209).</summary>
    NoKernelImage,

    /// <summary>The driver does not compile PTX that is so new (error 222).</summary>
    PtxTooNew,

    /// <summary>libcuda and the kernel's driver do not belong together (error 803).</summary>
    DriverMismatch,

    /// <summary>A newer libcuda on a GPU that it is not made for (error 804).</summary>
    CompatUnsupported,

    /// <summary>libcuda is one to link against (error 34).</summary>
    DriverStub,

    /// <summary>Open MPI refuses to run as root.</summary>
    MpiRoot,

    /// <summary>Open MPI has no component of a framework, or not the one that was asked for.</summary>
    MpiComponent,

    /// <summary>Open MPI, PMIx or PRRTE cannot open a plugin, and goes on without.</summary>
    MpiPlugin,

    /// <summary>A compiler does not find a header.</summary>
    Header,

    /// <summary>A module does not have the name that is imported from it.</summary>
    ImportedName,

    /// <summary>A module is imported from before it is done, by one that it imports itself.</summary>
    CircularImport,

    /// <summary>A locale that is not there.</summary>
    Locale,

    /// <summary>A server's certificate is signed by nobody who is known.</summary>
    Certificates,

    /// <summary>The processor does not know an instruction (SIGILL).</summary>
    Instruction,

    /// <summary>A program or library is for another machine.</summary>
    Format,
}
