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

    /// <summary>Of a try; always run.</summary>
    Finally,
}
