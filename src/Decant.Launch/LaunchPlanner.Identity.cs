using Decant.Images;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>Who the program is.</summary>
public sealed partial class LaunchPlanner
{
    /// <param name="User">As the program sees itself.</param>
    /// <param name="Mapping">Null for root, who needs no user namespace.</param>
    /// <param name="IsMapped">The caller appears as this user, whom the image may not know.</param>
    sealed record Identity(ImageUser User, IdMapping? Mapping, bool IsMapped);

    Identity FindIdentity()
    {
        // A rank is who its launcher is, whatever the image says.
        string? asked = spec.User ?? (spec.Image.Config.User.Length > 0 && spec.Mpi is null ? spec.Image.Config.User : null);
        if (host.IsRoot)
            return new Identity(accounts.Find(asked ?? "0"), null, IsMapped: false);

        if (host.Mapping is not null)
            return new Identity(accounts.Find(asked ?? "0"), host.Mapping, IsMapped: false);

        // Without a word from user or image, the caller stays who they are.
        if (!spec.MapToRoot && asked is null)
        {
            ImageUser self = accounts.Find($"{host.Uid}:{host.Gid}");
            return new Identity(self with { Groups = [] }, IdMapping.Single(host.Uid, host.Uid, host.Gid, host.Gid), IsMapped: true);
        }

        ImageUser user = accounts.Find(asked ?? "0");
        if (!spec.MapToRoot && user.Uid != 0)
            return new Identity(user with { Groups = [] }, IdMapping.Single(user.Uid, host.Uid, user.Gid, host.Gid), IsMapped: true);

        if (SubordinateMapping.ForCaller(host.Uid, host.Gid, out Advice whyNone) is { } mapping)
            return new Identity(user, mapping, IsMapped: false);
        if (user.Uid != 0)
        {
            throw new DecantException(
                $"--root with user {user.Uid} needs a range of subordinate ids, and {whyNone.Cause}",
                $"leave --root out: the caller then appears as that user; or {whyNone.Fix}");
        }

        return new Identity(user with { Groups = [] }, IdMapping.Single(0, host.Uid, user.Gid, host.Gid), IsMapped: true);
    }

    /// <summary>What would part a rank from its launcher or from the other ranks.</summary>
    void CheckRank(Identity identity)
    {
        if (spec.Mpi is null)
            return;
        // PMIx compares what a rank says of itself with whom the launcher runs as (psec/native).
        if (identity.User.Uid != host.Uid || identity.User.Gid != host.Gid || identity.Mapping is { ByHelper: true })
        {
            throw new DecantException(
                $"--mpi: the rank would run as user {identity.User.Uid}, group {identity.User.Gid}, and its launcher, which runs as {host.Uid}, {host.Gid}, turns away whom it does not know",
                "leave out --user and --root, and owners = \"mapped\" of the configuration: a rank is who its launcher is");
        }

        string? parted = spec.PrivatePids ? "--pid private: ranks of one host read each other's memory by process number"
            : spec.PrivateIpc ? "--ipc private: ranks of one host share memory"
            : spec.PrivateNetwork ? "--network none: a rank speaks to its launcher over the network"
            : spec.Kept is not null ? "--name: one run holds its lock, and a job has many ranks"
            : null;
        if (parted is not null)
            throw new DecantException($"--mpi does not go with {parted}", "leave one of them out");
    }

    /// <summary>The small files that make the root at home on this host.</summary>
    void AddFiles(Identity identity)
    {
        AddHostFile("/etc/resolv.conf");
        if (spec.Hostname is { } name)
        {
            byte[] hosts = System.Text.Encoding.UTF8.GetBytes($"127.0.0.1\tlocalhost {name}\n::1\tlocalhost ip6-localhost ip6-loopback {name}\n");
            AddFile("/etc/hosts", hosts, "made for --hostname");
            AddFile("/etc/hostname", System.Text.Encoding.UTF8.GetBytes(name + "\n"), "--hostname");
        }
        else
        {
            AddHostFile("/etc/hosts");
            AddHostFile("/etc/hostname");
        }

        AddHostFile("/etc/localtime");
        targets.SeedDirectory("/tmp", 0x3FF);
        if (!identity.IsMapped)
            return;
        ImageUser user = identity.User;
        bool knowsUser = accounts.NameOf(user.Uid) is not null;
        if (knowsUser && accounts.HasGroup(user.Gid))
            return;
        string? self = new AccountFiles(new RootView(["/"])).NameOf(host.Uid);
        if (!knowsUser)
            AddFile("/etc/passwd", accounts.PasswdWith(user.Uid, user.Gid, user.Uid == 0 ? "root" : self ?? "user", user.Home), "the image's, with the calling user");
        if (!accounts.HasGroup(user.Gid))
            AddFile("/etc/group", accounts.GroupWith(user.Gid, user.Gid == 0 ? "root" : self ?? "user"), "the image's, with the calling user's group");
    }

    /// <summary>A copy of the host's file; where the host has none, the image's stays.</summary>
    void AddHostFile(string path)
    {
        // Links are followed: systemd-resolved's resolv.conf and every localtime are links.
        if (LinuxFile.TryReadAll(null, path, out byte[] content) == Errno.None)
            AddFile(path, content, $"the host's {path}");
    }

    void AddFile(string path, byte[] content, string origin) => targets.SeedFile(path, content, origin);
}
