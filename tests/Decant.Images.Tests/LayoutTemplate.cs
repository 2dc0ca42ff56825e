using Decant.Images.Tests;

[assembly: AssemblyFixture(typeof(LayoutTemplate))]

namespace Decant.Images.Tests;

/// <summary>
/// An image of three layers, made once by umoci: files, links, modes, owners and times; then a removed file and a replaced
/// directory; then a hard-linked file changed, and a directory that becomes a file.
/// </summary>
public sealed class LayoutTemplate : IDisposable
{
    static readonly Lazy<string> root = new(Make);

    public static string Path => root.Value + "/image";

    public void Dispose()
    {
        if (root.IsValueCreated)
            ImageFixture.Run("rm", "-rf", root.Value);
    }

    static string Make()
    {
        string directory = Directory.CreateTempSubdirectory("decant-layout-").FullName;
        ImageFixture.Script($$"""
            set -e
            cd {{directory}}
            umoci init --layout image
            umoci new --image image:one
            umoci unpack --image image:one bundle
            cd bundle/rootfs
            mkdir -p bin etc dir/sub opaque usr/share
            printf 'one\n' > etc/one; printf 'gone\n' > dir/gone; printf 'kept\n' > dir/sub/kept; printf 'old\n' > opaque/old
            ln etc/one etc/hard; ln -s ../etc/one usr/share/link; mkfifo dir/fifo
            chmod 4755 etc/one; chmod 1777 dir; chown 12:34 dir/sub/kept; touch -d '2001-02-03 04:05:06.123456789 UTC' dir/sub/kept
            setfattr -n user.note -v text dir/sub/kept
            cp /bin/true bin/true
            cd {{directory}}; umoci repack --image image:one bundle; rm -rf bundle
            umoci unpack --image image:one bundle
            cd bundle/rootfs
            rm dir/gone; rm -r opaque; mkdir opaque; printf 'new\n' > opaque/new
            cd {{directory}}; umoci repack --image image:one bundle; rm -rf bundle
            umoci unpack --image image:one bundle
            cd bundle/rootfs
            printf 'two\n' >> etc/hard; rm -r usr; printf 'file\n' > usr
            cd {{directory}}; umoci repack --image image:one bundle; rm -rf bundle
            umoci config --image image:one --config.env A=1 --config.env PATH=/bin --config.cmd /bin/true --config.entrypoint /bin/sh \
              --config.workingdir /dir --config.user 12:34 --config.label k=v --config.volume /data --config.exposedports 80/tcp
            umoci gc --layout image
            """);
        return directory;
    }
}
