namespace Decant.Doctor;

enum PythonBlockKind
{
    Class,
    Function,

    /// <summary>Below "if __name__ == '__main__'".</summary>
    Main,

    /// <summary>Any other that may not be run: if, for, with and their like, and handlers.</summary>
    Branch,

    Try,

    /// <summary>Always run: finally, and what a package does unless it is being built.</summary>
    Unconditional,
}
