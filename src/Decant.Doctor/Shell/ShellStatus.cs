namespace Decant.Doctor;

/// <summary>What a command leaves in "$?", as far as it is known before it runs.</summary>
enum ShellStatus
{
    Unknown,
    Succeeds,
    Fails,
}
