namespace Decant.Doctor;

/// <summary>Where a library tells its version.</summary>
enum StackVersion
{
    /// <summary>In its file's name, behind ".so.".</summary>
    FileName,

    /// <summary>As a string of its own, or at the end of one.</summary>
    Alone,

    /// <summary>Behind certain words.</summary>
    After,
}
