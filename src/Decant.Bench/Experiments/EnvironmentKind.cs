namespace Decant.Bench;

/// <summary>What launches the command of an arm.</summary>
public enum EnvironmentKind
{
    /// <summary>The host itself, with the caller's environment.</summary>
    Host,

    /// <summary><c>decant run</c>.</summary>
    Decant,

    /// <summary>The script that <c>decant script</c> prints, by sh.</summary>
    Chroot,

    Docker,
    Podman,
    Runc,
    Crun,
    Bubblewrap,
    Nspawn,
    Charliecloud,
    Apptainer,
    Enroot,

    /// <summary>Several of decant, by <see cref="EnvironmentLadder"/>; no trial is of this kind itself.</summary>
    Ladder,
}
