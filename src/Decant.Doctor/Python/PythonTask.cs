namespace Decant.Doctor;

/// <summary>What an interpreter is to run.</summary>
enum PythonTask
{
    /// <summary>What it reads from its standard input.</summary>
    Input,

    /// <summary>A file, or a directory or zip archive with a __main__.py.</summary>
    Script,

    /// <summary>-m.</summary>
    Module,

    /// <summary>-c.</summary>
    Source,

    /// <summary>It only tells about itself.</summary>
    Nothing,
}
