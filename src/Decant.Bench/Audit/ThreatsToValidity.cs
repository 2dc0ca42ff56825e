namespace Decant.Bench;

/// <summary>The audit of a session: every confounder that its data show, whoever measured.</summary>
public static class ThreatsToValidity
{
    static readonly ThreatCheck[] _checks =
    [
        new BlockedOrderCheck(), new DriftThreatCheck(), new CarryOverCheck(), new PooledRunsCheck(), new OneNumberCheck(), new SameWorkloadCheck(), new CycleTimeCheck(),
        new SelfTestCheck(), new OtherProgramCheck(), new SurroundingsCheck(), new ColdTrialsCheck(), new StartTemperatureCheck(), new ThrottledGpuCheck(), new FailedTrialsCheck(), new MissingValuesCheck(), new ConstantMetricCheck(), new FewTrialsCheck(), new TwoModesCheck(),
        new DerivedMetricCheck(), new NothingDeclaredCheck(),
    ];

    /// <summary>Of one result.</summary>
    public static IReadOnlyList<Threat> Of(BenchResult result) => Of([result]);

    /// <summary>Of all results of one session, such as those of one file, which are compared with each other too. The gravest first.</summary>
    public static IReadOnlyList<Threat> Of(IReadOnlyList<BenchResult> session)
    {
        AuditedSession audited = new(session);
        return [.. _checks.SelectMany(check => check.Of(audited)).OrderByDescending(threat => threat.Severity)];
    }
}
