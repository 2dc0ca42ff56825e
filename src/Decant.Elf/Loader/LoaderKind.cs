namespace Decant.Elf;

/// <summary>Whose rules a loader follows.</summary>
public enum LoaderKind
{
    Glibc,
    Musl,
}
