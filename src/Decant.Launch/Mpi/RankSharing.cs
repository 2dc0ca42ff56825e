using System.Text;
using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// Which ranks share their namespaces: those of one job on one host their user namespace, as one reads the memory of another only there
/// (process_vm_readv(2), cross-memory attach); those among them whose roots are made alike the root itself, with what they write to it.
/// </summary>
/// <param name="Job">Names the job among those of this host.</param>
/// <param name="Root">Names what the root is made of.</param>
public sealed record RankSharing(string Job, string Root)
{
    /// <summary>Of hexadecimal digits.</summary>
    const int NameLength = 32;

    /// <param name="steps">All up to the one that enters the root.</param>
    /// <param name="isReadOnly">A later step makes the root read-only, and so for all who are in it.</param>
    internal static RankSharing Of(MpiJob job, IEnumerable<LaunchStep> steps, bool isReadOnly)
    {
        StringBuilder root = new(isReadOnly ? "read-only\n" : "");
        foreach (LaunchStep step in steps)
        {
            // A cgroup is each rank's own.
            if (step is not CgroupStep)
                root.Append(step.Describe()).Append(Hidden(step)).Append('\n');
        }

        return new RankSharing(Name(job.Identity), Name(root.ToString()));
    }

    /// <summary>What a step's sentence leaves out for shortness.</summary>
    static string Hidden(LaunchStep step) => step switch
    {
        FileStep file => Convert.ToHexStringLower(file.Content),
        CoverStep cover => Convert.ToHexStringLower(cover.Content),
        RootStep root => string.Join('\n', root.Layers),
        _ => "",
    };

    static string Name(string text)
    {
        ManagedSha256 hash = new();
        hash.Append(PathBytes.Encode(text));
        return Convert.ToHexStringLower(hash.Finish())[..NameLength];
    }
}
