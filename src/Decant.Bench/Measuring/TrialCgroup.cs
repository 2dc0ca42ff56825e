namespace Decant.Bench;

/// <summary>
/// The cgroups of one trial: what the user's program and its children use apart from what the engine's own client and monitor use. Daemons that were there
/// before are in neither.
/// </summary>
/// <param name="All">Both.</param>
/// <param name="Work">The program.</param>
/// <param name="Engine">The client.</param>
/// <param name="EngineParent">--cgroup-parent for a container that is to be counted as <paramref name="Work"/>; null where engines cannot be told.</param>
public sealed record TrialCgroup(ControlGroup All, ControlGroup Work, ControlGroup Engine, string? EngineParent)
{
    /// <summary>Makes them.</summary>
    public static TrialCgroup Make(SessionCgroup session, string name)
    {
        ControlGroup all = session.Group.Below(name);
        all.Make(parent: true);
        ControlGroup work = all.Below("work");
        // Delegation to containers below comes with their engines: here the program itself may be in it.
        work.Make(parent: false);
        ControlGroup engine = all.Below("engine");
        engine.Make(parent: false);
        return new TrialCgroup(all, work, engine, session.EngineParent is null ? null : $"{session.EngineParent}/{name}/work");
    }
}
