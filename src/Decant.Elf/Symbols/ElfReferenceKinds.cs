namespace Decant.Elf;

/// <summary>What an object does with a symbol that it binds.</summary>
[Flags]
public enum ElfReferenceKinds : byte
{
    None = 0,

    /// <summary>At load: an address in data, or in the global offset table.</summary>
    Data = 1,

    /// <summary>At its first call, or at load where the object binds now.</summary>
    Call = 2,

    /// <summary>The variable's content is copied into the program (R_*_COPY).</summary>
    Copy = 4,
}
