using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What an environment really was, from a process that ran in it.</summary>
static class EnvironmentFacts
{
    public static ResultEnvironment Of(BenchEnvironment arm, ObservedProcess process)
    {
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        facts.AddRange(arm.Facts);
        facts.AddRange(process.Facts);
        facts["executable"] = process.Executable;
        foreach (string variable in process.Variables)
        {
            int equals = variable.IndexOf('=');
            if (equals > 0)
                facts["variable." + variable[..equals]] = TellableVariables.Told(variable[..equals], variable[(equals + 1)..]);
        }

        foreach (Decant.Linux.MountInfo mount in process.Mounts)
            facts["mount." + mount.MountPoint] = mount.FileSystemType + (mount.Options.Contains("ro") ? ", read-only" : "");
        return new ResultEnvironment(arm.Name, EnvironmentSpec.Word(arm.Spec.Kind), arm.Spec.ToString(), facts.ToImmutable()) { Repeats = arm.Spec.Repeats };
    }
}
