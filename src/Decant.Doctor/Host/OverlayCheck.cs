using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a run gets its throw-away writable layer.</summary>
static class OverlayCheck
{
    const string Id = "overlay";
    const string Title = "Overlay file system";
    const string Consequence = "a run has no writable layer over the image";

    public static HostCheck Check(HostProbes probes)
    {
        OverlayFacts facts = OverlayFacts.Probe(probes.Files);
        UserNamespaceFacts namespaces = UserNamespaceFacts.Probe(probes.Files, probes.UserId, probes.DecantPath);
        if (probes.TryOverlay is not null)
        {
            Errno errno = probes.TryOverlay();
            return errno == Errno.None
                ? new HostCheck(Id, Title, HostStatus.Ok, "one was mounted as a run would")
                : Refused(errno, facts, namespaces);
        }

        if (!facts.Registered)
            return Refused(Errno.ENODEV, facts, namespaces);
        if (!facts.Kernel.IsAtLeast(5, 11))
        {
            Advice old = OverlayAdvice.For(Errno.EPERM, facts, namespaces with { IsRoot = false, AppArmorRestricts = false });
            return new HostCheck(Id, Title, HostStatus.Limited, old.Cause, $"for ordinary users {Consequence}, unless the distribution has added it", old.Fix);
        }

        return new HostCheck(Id, Title, HostStatus.Ok, $"in kernel {facts.Kernel.Text}, for ordinary users too");
    }

    static HostCheck Refused(Errno errno, OverlayFacts facts, UserNamespaceFacts namespaces)
    {
        Advice advice = OverlayAdvice.For(errno, facts, namespaces);
        return new HostCheck(Id, Title, HostStatus.Missing, $"{errno.Describe()}: {advice.Cause}", Consequence, advice.Fix);
    }
}
