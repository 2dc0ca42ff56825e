namespace Decant.EndToEnd.Tests;

/// <summary>Images of several layers that docker made by running programs, unpacked by decant, by dockerd and by umoci.</summary>
public sealed class UnpackTests
{
    /// <summary>Each a base and what is run on it, layer by layer.</summary>
    static readonly Dictionary<string, string[]> recipes = new()
    {
        ["unpack-deletions"] = ["busybox",
            "mkdir -p /d/a/b /d/c && echo 1 >/d/a/b/f && echo 1 >/d/c/f && echo 1 >/d/top && touch -d 2001-02-03 /d/top && mkdir /d/empty",
            "rm -r /d/a /d/top && rm /d/c/f && echo 2 >/d/c/g",
            "mkdir -p /d/a/b && echo 3 >/d/a/b/g && rm -r /d/empty && echo was a directory >/d/empty",
            "rm /d/empty && mkdir /d/empty && chmod 1777 /d/empty && rm -r /home"],
        ["unpack-opaque"] = ["busybox",
            "mkdir -p /o/one/deep /o/two && echo 1 >/o/one/old && echo 1 >/o/one/deep/old && echo 1 >/o/two/old && ln -s one /o/link",
            "rm -r /o/one && mkdir /o/one && echo 2 >/o/one/new && rm /o/link && mkdir /o/link && echo 2 >/o/link/f",
            "mv /o/two /o/moved && rm -r /o/one && mkdir -m 700 /o/one /o/one/deep && echo 3 >/o/one/deep/new",
            "rm -r /bin/yes /o/moved && mkdir /o/moved && chown 1000:2000 /o/moved"],
        ["unpack-links"] = ["busybox",
            "mkdir /l && echo content >/l/a && ln /l/a /l/b && ln /l/a /l/c && ln -s /etc/passwd /l/absolute && ln -s ../../../../etc /l/up && ln -s nowhere /l/dangling",
            "ln /l/a /usr/d && echo changed >>/l/b && rm /l/c",
            "ln /bin/busybox /bin/busybox2 && chown -h 12:34 /l/absolute && chmod 6755 /bin/busybox2",
            "ln /usr/d /l/e && rm /l/a && cp -al /bin /bin-linked"],
        ["unpack-attributes"] = ["bookworm",
            "mkdir /x && cp /usr/bin/env /x/capable && python3 -c 'import os; os.setxattr(\"/x/capable\", \"security.capability\", bytes.fromhex(\"0100000200200000000000000000000000000000\"))'",
            "mknod /x/null c 1 3 && mknod /x/block b 7 200 && mkfifo /x/pipe && chmod 640 /x/block && chown 5:6 /x/null",
            "truncate -s 50M /x/sparse && echo end >>/x/sparse && printf middle | dd of=/x/sparse bs=1M seek=20 conv=notrunc 2>/dev/null && chmod 4711 /x/sparse",
            "touch -d '2020-02-02 02:02:02.123456789' /x/old && mkdir -m 2555 /x/locked && chmod 0 /x/pipe"],
        ["unpack-packages"] = ["trixie",
            "rm -rf /usr/share/perl5 /var/lib/dpkg/info && mkdir -p /opt/tool/bin && cp -a /usr/bin/[a-f]* /opt/tool/bin/",
            "mv /opt/tool /opt/tool-2 && chown -R 1000:1000 /opt/tool-2",
            "rm -rf /usr/lib/*/perl* && find /opt -name 'd*' -delete && chmod -R g+w /opt/tool-2",
            "mkdir -p /usr/share/perl5/new && echo back >/usr/share/perl5/new/file && rm -rf /opt && mkdir /opt"],
    };

    // For whole Debians, on machines that do other things besides.
    static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    static readonly string[] user = ["no-owners", "no-devices"];

    public static TheoryData<string> Names => [.. recipes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_tree_is_the_one_that_dockerd_unpacks_and_umoci_for_an_ordinary_user(string image)
    {
        try
        {
            string archive = Build(image);
            string tree = CompareWithDockerd(image, archive);
            CompareWithUmoci(image, archive, tree);
        }
        finally
        {
            Docker("rmi", "--force", image);
        }
    }

    /// <summary>As many as docker's own limit of 127 leaves a builder room for; each layer changes a file of the one below and removes one of its.</summary>
    [Fact]
    public void An_image_of_120_layers_runs_for_both_users()
    {
        string directory = Workplace.NewDirectory(User.Root);
        Shell.Execute(["python3", Workplace.Existing("tests/Decant.EndToEnd.Tests/Images/many-layers.py", "git checkout"), TestImages.File("busybox.tar"), "120", $"{directory}/many.tar"]).Expect(0);
        Shell.Execute(["chmod", "-R", "go+rX", directory]).Expect(0);
        foreach (User who in new[] { User.Root, User.Ordinary })
        {
            DecantBinary.Run(who, "pull", $"docker-archive:{directory}/many.tar", "many-layers").Expect(0);
            DecantBinary.Run(who, "run", "many-layers", "sh", "-c", "cat /last; ls /layers | wc -l; ls -d /gone-*").ExpectOutput("119\n119\n/gone-119\n");
            string script = DecantBinary.Run(who, "script", "many-layers", "--", "cat", "/last").Expect(0).Output;
            Shell.Run(who, script).ExpectOutput("119\n");
            DecantBinary.Run(who, "rm", "many-layers").Expect(0);
        }
    }

    /// <summary>Gives the tree, with all that root can have.</summary>
    static string CompareWithDockerd(string image, string archive)
    {
        DecantBinary.Run(User.Root, "pull", $"docker-archive:{archive}", image).Expect(0);
        string[] layers = Docker("image", "inspect", "--format", "{{.GraphDriver.Data.UpperDir}}:{{.GraphDriver.Data.LowerDir}}", image).Trim().Split(':');
        Assert.Equal(recipes[image].Length, layers.Length);
        string expected = TreeListing.OfOverlay(layers, "ro");
        TreeListing.AssertSame(expected, TreeListing.OfDecant(User.Root, image), $"{image}, dockerd");
        DecantBinary.Run(User.Root, "rm", image).Expect(0);
        return expected;
    }

    static void CompareWithUmoci(string image, string archive, string tree)
    {
        string place = Workplace.NewDirectory(User.Ordinary);
        Shell.Execute(["skopeo", "copy", "--quiet", "--insecure-policy", $"docker-archive:{archive}", $"oci:{place}/layout:latest"], limit: patience).Expect(0);
        Shell.Execute(["chmod", "-R", "go+rX", $"{place}/layout"]).Expect(0);
        DecantBinary.Run(User.Ordinary, "pull", $"oci:{place}/layout:latest", image).Expect(0);
        Shell.Execute([.. User.Ordinary.Prefix, "umoci", "unpack", "--rootless", "--image", $"{place}/layout:latest", $"{place}/bundle"], limit: patience).Expect(0);
        string expected = WithoutPlaceholders(TreeListing.Of(User.Root, $"{place}/bundle/rootfs", user), tree);
        TreeListing.AssertSame(expected, TreeListing.OfDecant(User.Ordinary, image, user), $"{image}, umoci");
        DecantBinary.Run(User.Ordinary, "rm", image).Expect(0);
        Shell.Execute(["rm", "-rf", place]).Expect(0);
    }

    /// <summary>umoci puts empty files where devices should be; decant leaves them out and says so.</summary>
    static string WithoutPlaceholders(string listing, string tree)
    {
        // A line begins with the path and the mode, and a path of Debian's holds no space.
        HashSet<string> devices = [.. tree.Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length > 1 && fields[1][0] is ('c' or 'b')).Select(fields => fields[0])];
        return string.Join('\n', listing.Split('\n').Where(line => !devices.Contains(line.Split(' ')[0])));
    }

    /// <summary>Makes the image in dockerd and saves it.</summary>
    static string Build(string image)
    {
        string[] recipe = recipes[image];
        string from = recipe[0];
        foreach (string command in recipe.AsSpan(1))
        {
            string container = Docker("create", "--network", "none", from, "sh", "-ec", command).Trim();
            Docker("start", "-a", container);
            Docker("commit", container, image);
            Docker("rm", container);
            from = image;
        }

        string archive = $"{Workplace.NewDirectory(User.Root)}/{image}.tar";
        Docker("save", "-o", archive, image);
        return archive;
    }

    static string Docker(params string[] arguments) => Shell.Execute(["docker", "-H", $"unix://{Dockerd.Socket}", .. arguments], limit: patience).Expect(0).Output;
}
