using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class UserNamespaceAdviceTests
{
    static UserNamespaceFacts Facts(RecordedHost host, uint user = 1000)
    {
        using (host)
            return UserNamespaceFacts.Probe(host.Files, user, "/opt/decant/decant");
    }

    [Fact]
    public void Ubuntu_2404_needs_an_AppArmor_profile_which_is_given_whole()
    {
        UserNamespaceFacts facts = Facts(RecordedHost.Ubuntu2404());
        Assert.True(facts.AppArmorHolds);
        foreach (Advice advice in (Advice[])[UserNamespaceAdvice.For(Errno.EPERM, facts), UserNamespaceAdvice.ForMount(Errno.EACCES, facts), OverlayAdvice.For(Errno.EPERM, new OverlayFacts(true, true, KernelRelease.Parse("6.8.0")), facts)])
        {
            Assert.Contains("kernel.apparmor_restrict_unprivileged_userns is 1", advice.Cause);
            Assert.Contains("sudo tee /etc/apparmor.d/decant", advice.Fix);
            Assert.Contains("profile decant \"/opt/decant/decant\" flags=(unconfined) {\n  userns,", advice.Fix);
            Assert.EndsWith("sudo apparmor_parser -r /etc/apparmor.d/decant", advice.Fix);
        }
    }

    [Fact]
    public void Ubuntu_2404_with_the_profile_or_for_root_is_not_restricted()
    {
        Assert.False(Facts(RecordedHost.Ubuntu2404("decant (unconfined)")).AppArmorHolds);
        Assert.False(Facts(RecordedHost.Ubuntu2404(), user: 0).AppArmorHolds);
        Assert.False(Facts(RecordedHost.Debian12()).AppArmorHolds);
    }

    [Fact]
    public void A_limit_of_zero_and_a_limit_that_is_reached_are_told_apart()
    {
        Advice off = UserNamespaceAdvice.For(Errno.ENOSPC, Facts(RecordedHost.Rhel8(maximum: "0")));
        Assert.Equal("user.max_user_namespaces is 0: user namespaces are switched off", off.Cause);
        Assert.Equal("echo 'user.max_user_namespaces = 15000' | sudo tee /etc/sysctl.d/60-decant.conf && sudo sysctl --system", off.Fix);

        Advice full = UserNamespaceAdvice.For(Errno.ENOSPC, Facts(RecordedHost.Rhel8()));
        Assert.Equal("user.max_user_namespaces is 62988 and that many are in use", full.Cause);
        Assert.Contains("= 125976", full.Fix);
    }

    [Fact]
    public void Debians_switch_is_named()
    {
        RecordedHost host = RecordedHost.Debian12().With("/proc/sys/kernel/unprivileged_userns_clone", "0\n");
        Advice advice = UserNamespaceAdvice.For(Errno.EPERM, Facts(host));
        Assert.StartsWith("kernel.unprivileged_userns_clone is 0", advice.Cause);
        Assert.Contains("kernel.unprivileged_userns_clone = 1", advice.Fix);
    }

    [Fact]
    public void A_container_that_filters_the_call_is_named()
    {
        Advice advice = UserNamespaceAdvice.For(Errno.EPERM, Facts(RecordedHost.DockerContainer()));
        Assert.Contains("seccomp", advice.Cause);
        Assert.Contains("--security-opt seccomp=unconfined", advice.Fix);
    }

    [Fact]
    public void A_chroot_is_named()
    {
        RecordedHost host = RecordedHost.Debian12().With("/proc/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw\n");
        Advice advice = UserNamespaceAdvice.For(Errno.EPERM, Facts(host));
        Assert.Contains("chroot", advice.Cause);
    }

    [Fact]
    public void A_kernel_without_user_namespaces_is_named()
    {
        Advice advice = UserNamespaceAdvice.For(Errno.EINVAL, Facts(RecordedHost.Wsl1()));
        Assert.Equal("this kernel was built without user namespaces", advice.Cause);
    }

    [Fact]
    public void Every_error_has_a_cause()
    {
        UserNamespaceFacts facts = Facts(RecordedHost.Debian12());
        foreach (Errno errno in Enum.GetValues<Errno>())
        {
            Assert.NotEmpty(UserNamespaceAdvice.For(errno, facts).Cause);
            Assert.NotEmpty(UserNamespaceAdvice.ForMount(errno, facts).Cause);
            Assert.NotEmpty(OverlayAdvice.For(errno, new OverlayFacts(true, false, KernelRelease.Parse("6.1.0")), facts).Cause);
        }
    }

    [Theory]
    [InlineData("4.18.0-553.el8_10.x86_64", Errno.EPERM, "mounts overlayfs for root only")]
    [InlineData("5.10.0-32-amd64", Errno.EINVAL, "userxattr")]
    [InlineData("6.1.0-25-amd64", Errno.EINVAL, "cannot be part of an overlay")]
    [InlineData("6.1.0-25-amd64", Errno.ENODEV, "no overlayfs")]
    public void An_overlay_that_is_refused_is_explained(string release, Errno errno, string cause) =>
        Assert.Contains(cause, OverlayAdvice.For(errno, new OverlayFacts(true, false, KernelRelease.Parse(release)), Facts(RecordedHost.Debian12())).Cause);

    [Fact]
    public void A_module_that_is_not_loaded_is_named()
    {
        using RecordedHost host = RecordedHost.Debian12()
            .With("/proc/filesystems", "nodev\tproc\n\text4\n")
            .With("/lib/modules/6.1.0-25-amd64/modules.dep", "kernel/fs/overlayfs/overlay.ko:\n");
        OverlayFacts facts = OverlayFacts.Probe(host.Files);
        Assert.Equal((false, true), (facts.Registered, facts.ModuleAvailable));
        Assert.Contains("modprobe overlay", OverlayAdvice.For(Errno.ENODEV, facts, Facts(RecordedHost.Debian12())).Fix);
    }
}
