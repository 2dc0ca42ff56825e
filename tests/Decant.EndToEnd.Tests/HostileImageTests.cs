namespace Decant.EndToEnd.Tests;

/// <summary>Images that try to make decant touch the host. Whether such an image runs or is refused, the host stays as it was.</summary>
public sealed class HostileImageTests
{
    // $canary is a directory of the host, with the file "file" and the directory "directory"; writable for both users.
    public static TheoryData<string> Links => [.. LinkedPlaces().SelectMany(place => new[]
    {
        $"{Clear(place)}; ln -s $canary {place}",
        $"{Clear(place)}; ln -s ../../../../../../../..$canary {place}",
        $"{Clear(place)}; ln -s hop {place}; ln -s $canary $(dirname {place})/hop",
        $"{Clear(place)}; ln -s $canary/file {place}",
        $"{Clear(place)}; ln -s /proc/1/root$canary {place}",
        $"{Clear(place)}; ln -s /proc/self/cwd {place}",
        $"{Clear(place)}; ln -s {Path.GetFileName(place)} {place}",
        $"{Clear(place)}; ln -s /no/such/place {place}",
        $"{Clear(place)}; echo a file >{place}",
        $"{Clear(place)}; mkfifo {place}",
        $"{Clear(place)}; mknod {place} c 1 3",
    })];

    static string[] LinkedPlaces() =>
        ["dev", "proc", "sys", "tmp", "etc", "etc/resolv.conf", "etc/hosts", "etc/hostname", "etc/localtime", "etc/passwd", "etc/group", "dev/shm", "dev/pts", "dev/null", "dev/ptmx", "run"];

    static string Clear(string place) => $"mkdir -p $(dirname {place}); rm -rf {place}";

    [Theory]
    [MemberData(nameof(Links))]
    public void A_link_or_a_special_file_in_the_image_leads_nowhere(string spoil)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
            Launch(user, spoil, [], "[ \"$(cat /marker)\" = image ] || exit 66");
    }

    [Theory]
    [InlineData("ln -s $canary link", "-v $canary/file:/link/new")]
    [InlineData("ln -s $canary link", "-v $canary/directory:/link/deep/new")]
    [InlineData("ln -s $canary link", "--tmpfs /link/new")]
    [InlineData("ln -s $canary link", "--tmpfs /link")]
    [InlineData("ln -s $canary/new link", "-v $canary/file:/link")]
    [InlineData("ln -s ../../../../../..$canary link", "--mount type=tmpfs,target=/link/new")]
    [InlineData("ln -s /proc/1/root link", "-v $canary/file:/link$canary/new")]
    [InlineData("ln -s /proc/self/fd link", "-v $canary/file:/link/0")]
    [InlineData("true", "-v $canary/file:/../../../../../../..$canary/new")]
    [InlineData("true", "-v $canary/file:/proc/1/root$canary/new")]
    [InlineData("true", "-v $canary/file:/proc/self/cwd/new")]
    [InlineData("ln -s $canary link", "-w /link/made")]
    [InlineData("ln -s /proc/1/cwd link", "-w /link")]
    public void A_mount_target_is_looked_up_inside_the_root(string spoil, string options)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
            Launch(user, spoil, [options], "[ \"$(cat /marker)\" = image ] || exit 66");
    }

    [Theory]
    [InlineData("/proc/self/fd")]
    [InlineData("/proc/1/fd")]
    public void A_working_directory_outside_of_the_root_is_refused(string descriptors)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            Launch(user, "true", [$"-w {descriptors}/NUMBER"], "[ \"$(cat ../../../../../../../../marker)\" = image ] || exit 66", numbers: string.Join(' ', Enumerable.Range(0, 20)));
        }
    }

    [Fact]
    public void An_image_that_tries_nothing_runs()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
            Launch(user, "true", ["-v $canary/file:/new/place:ro"], "[ \"$(cat /new/place /marker)\" = \"$(echo secret; echo image)\" ] || exit 66").Expect(0);
    }

    [Fact]
    public void Users_are_looked_up_in_the_image_alone()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            Assert.Equal(125, Launch(user, "rm etc/passwd; ln -s $canary/passwd etc/passwd", ["-u evil"], "exit 66").ExitCode);
            Assert.Equal(125, Launch(user, "rm etc/passwd; mkfifo etc/passwd", ["-u app"], "exit 66").ExitCode);
            Assert.Equal(125, Launch(user, "rm etc/passwd; ln -s /proc/self/fd/0 etc/passwd", ["-u evil"], "exit 66").ExitCode);
            Assert.Equal(125, Launch(user, "rm etc/passwd; truncate -s 20G etc/passwd", ["-u app"], "exit 66").ExitCode);
        }
    }

    [Fact]
    public void The_image_cannot_name_the_program_through_the_hosts_files()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            Assert.Equal(127, Launch(user, "ln -s $canary/program program", [], null, "/program").ExitCode);
        }
    }

    // Spoils a root filesystem, launches a program of it, and looks whether the canary, the image or the host's mounts changed.
    const string Try = """
        canary=$place/canary root=$place/root
        mkdir $canary $root
        cd $canary
        echo secret >file; mkdir directory; echo 'evil:x:0:0::/:/bin/sh' >passwd
        printf '#!/bin/sh\nexit 66\n' >program; chmod 755 program
        chmod 777 . directory; chown -R $user: .
        cd $root
        tar -xf $busybox; echo image >marker; chmod 755 .
        eval "$spoil"
        state() { find $canary $root -printf '%p %y %m %U:%G %s %T@ %C@ %l %n\n' | sort; }
        before=$(state) mounts=$(cat /proc/self/mountinfo)
        exec 3</ 4</ 5</ 6</ 7</ 8</ 9</ 10</ 11</ 12</
        set -f; IFS=' '; set -- ${options//\$canary/$canary}; unset IFS
        for number in $numbers; do
          timeout 20 $prefix "$decant" run "${@//NUMBER/$number}" rootfs:$root $program ${script:+-c "$script"}
          status=$?
          case $status in 0|125|126|127) ;; *) echo "status $status, number $number" >&2; exit 201 ;; esac
        done
        [ "$before" = "$(state)" ] || { diff <(echo "$before") <(state) >&2; exit 202; }
        [ "$mounts" = "$(cat /proc/self/mountinfo)" ] || exit 203
        rm -rf $canary $root
        exit $status
        """;

    static ProgramResult Launch(User user, string spoil, string[] options, string? script, string program = "/bin/sh", string numbers = "0")
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["place"] = Workplace.NewDirectory(user);
        variables["user"] = $"{user.Id}";
        variables["prefix"] = string.Join(' ', user.Prefix);
        variables["busybox"] = TestImages.File("busybox.tar");
        variables["spoil"] = spoil;
        variables["options"] = string.Join(' ', options);
        variables["program"] = program;
        variables["script"] = script ?? "";
        variables["numbers"] = numbers;
        ProgramResult result = Shell.Run(User.Root, Try, variables);
        if (result.ExitCode is not (0 or 125 or 126 or 127))
            Assert.Fail($"{spoil} {string.Join(' ', options)}\n{result}");
        if (result.ExitCode == 125)
            Assert.NotEmpty(result.Error);
        return result;
    }
}
