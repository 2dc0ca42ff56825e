using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether an ordinary user can make a user namespace and mount in it.</summary>
static class UserNamespaceCheck
{
    const string Id = "user-namespaces";
    const string Title = "User namespaces";

    public static HostCheck Check(HostProbes probes)
    {
        UserNamespaceFacts facts = UserNamespaceFacts.Probe(probes.Files, probes.UserId, probes.DecantPath);
        // Root needs none, and what holds for others is still worth knowing.
        UserNamespaceFacts ordinary = facts with { IsRoot = false };
        string consequence = probes.IsRoot ? "only root can run images" : "no image can be run without root";
        if (Settled(facts, ordinary) is Advice advice)
            return new HostCheck(Id, Title, probes.IsRoot ? HostStatus.Limited : HostStatus.Missing, advice.Cause, consequence, advice.Fix);
        if (probes.TryUserNamespace is not null)
        {
            Errno errno = probes.TryUserNamespace();
            if (errno == Errno.None)
                return new HostCheck(Id, Title, HostStatus.Ok, Seen(facts) + "; one was made and mounted in");
            Advice refused = UserNamespaceAdvice.For(errno, facts);
            return new HostCheck(Id, Title, probes.IsRoot ? HostStatus.Limited : HostStatus.Missing, $"{errno.Describe()}: {refused.Cause}", consequence, refused.Fix);
        }

        return new HostCheck(Id, Title, HostStatus.Ok, Seen(facts));
    }

    /// <summary>What the settings alone decide.</summary>
    static Advice? Settled(UserNamespaceFacts facts, UserNamespaceFacts ordinary)
    {
        if (!facts.InKernel)
            return UserNamespaceAdvice.For(Errno.EINVAL, ordinary);
        if (facts.Maximum == 0)
            return UserNamespaceAdvice.For(Errno.ENOSPC, ordinary);
        if (facts.UnprivilegedClone == 0 || ordinary.AppArmorHolds)
            return UserNamespaceAdvice.For(Errno.EPERM, ordinary);
        return null;
    }

    static string Seen(UserNamespaceFacts facts)
    {
        string limit = facts.Maximum is long maximum ? $"up to {maximum} for a user" : "no limit";
        return facts.Nested ? $"{limit}; this process is in one already" : limit;
    }
}
