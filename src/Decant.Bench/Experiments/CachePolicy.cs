namespace Decant.Bench;

/// <summary>In which state the page cache is when a trial starts.</summary>
public enum CachePolicy
{
    /// <summary>Each trial comes right after a run of the same environment that is not counted, so its files are cached.</summary>
    Warm,

    /// <summary>Each trial comes after sync(2) and a drop of all clean caches (proc_sys_vm(5), drop_caches), and it is checked that they went.</summary>
    Cold,

    /// <summary>As earlier trials left it. Memory figures of the host then depend on the order, which the report says.</summary>
    AsIs,
}
