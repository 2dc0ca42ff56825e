namespace Decant.Bench;

/// <summary>Looks for one kind of confounder.</summary>
abstract class ThreatCheck
{
    public abstract IEnumerable<Threat> Of(AuditedSession session);
}
