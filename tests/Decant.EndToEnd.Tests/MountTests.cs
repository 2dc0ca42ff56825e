namespace Decant.EndToEnd.Tests;

public sealed class MountTests
{
    public static TheoryData<User> Both => User.Both;

    // $host is a directory of the user's with the file "file".
    static ProgramResult Script(User user, string script)
    {
        TestImages.Pulled(user, "busybox");
        string host = Workplace.NewDirectory(user);
        File.WriteAllText($"{host}/file", "host\n");
        Shell.Run($"chown {user.Id} {host}/file").Expect(0);
        return DecantBinary.Script(user, $"host={host}\n{script}");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_bound_directory_is_the_hosts_own(User user) =>
        Script(user, """
            "$decant" run -v $host:/data busybox sh -c 'cat /data/file; echo program >/data/new'
            cat $host/new
            """).ExpectOutput("host\nprogram\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_dev_of_the_users_own_needs_no_null(User user) =>
        Script(user, """
            "$decant" run -v $host:/dev busybox sh -c 'cat; cat /dev/file'
            echo other >$host/null
            "$decant" run -v $host:/dev busybox cat; "$decant" run -v $host/null:/dev/null busybox cat
            "$decant" run --tmpfs /dev busybox sh -c 'cat; ls /dev | wc -l'
            echo given | "$decant" run -i --tmpfs /dev busybox cat
            "$decant" script --tmpfs /dev busybox -- cat | sh
            """).ExpectOutput("host\n0\ngiven\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_read_only_bind_refuses_writing(User user) =>
        Script(user, """
            "$decant" run -v $host:/data:ro busybox touch /data/new 2>&1; echo $?
            "$decant" run --mount type=bind,source=$host,target=/data,readonly busybox touch /data/new 2>&1; echo $?
            ls $host
            """).ExpectOutput("touch: /data/new: Read-only file system\n1\ntouch: /data/new: Read-only file system\n1\nfile\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_read_only_bind_covers_the_mounts_below_it(User user)
    {
        TestImages.Pulled(user, "busybox");
        string host = Workplace.NewDirectory(user);
        Shell.Execute(
            ["unshare", "--mount", "--", "/bin/bash", "-c", $"mkdir {host}/below && mount -t tmpfs -o mode=1777 x {host}/below && {string.Join(' ', user.Prefix)} {Workplace.Decant} run -v {host}:/data:ro busybox touch /data/below/new 2>&1; ls {host}/below"],
            DecantBinary.Variables(user)).ExpectOutput("touch: /data/below/new: Read-only file system\n");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_file_can_be_bound_over_a_file_of_the_image(User user) =>
        Script(user, "\"$decant\" run -v $host/file:/etc/group busybox cat /etc/group").ExpectOutput("host\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Missing_targets_are_made_in_the_run_not_in_the_store(User user)
    {
        TestImages.Pulled(user, "busybox");
        QuietRoom.Run(user, """
            "$decant" run -v /etc/passwd:/made/deep/file -v /etc:/made/directory busybox sh -c 'cat /made/deep/file >/dev/null && ls /made'
            """).ExpectOutput("deep\ndirectory\n");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_missing_source_of_v_is_made_and_one_of_mount_is_refused(User user) =>
        Script(user, """
            "$decant" run -v $host/made:/m busybox ls -d /m
            ls -d $host/made | grep -c made
            "$decant" run --mount type=bind,source=$host/never,target=/m busybox true 2>&1 | grep -c $host/never
            ls $host
            """).ExpectOutput("/m\n1\n1\nfile\nmade\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Propagation_is_what_was_asked_for(User user) =>
        Script(user, """
            for how in private rprivate slave rslave; do
              "$decant" run -v $host:/data:$how busybox grep ' /data ' /proc/self/mountinfo | grep -c master
            done
            """.Replace("grep -c master", "wc -l")).ExpectOutput("1\n1\n1\n1\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Hundred_binds_are_all_there(User user) =>
        Script(user, """
            for i in {1..100}; do mkdir $host/$i; echo $i >$host/$i/f; options+=(-v $host/$i:/many/$i:ro); done
            "$decant" run "${options[@]}" busybox sh -c 'cat /many/*/f | sort -n | md5sum'; seq 100 | md5sum
            """).ExpectOutput(string.Concat(Enumerable.Repeat(Shell.Run("seq 100 | md5sum").Output, 2)));

    [Theory]
    [MemberData(nameof(Both))]
    public void A_tmpfs_has_the_size_and_mode_that_were_asked_for(User user) =>
        Script(user, """
            "$decant" run --tmpfs /t:size=1m,mode=700 busybox sh -c 'stat -c %a /t; dd if=/dev/zero of=/t/x bs=1024 count=2048 2>&1 | grep -c "No space"'
            "$decant" run --mount type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=0750 busybox sh -c 'stat -c %a /t; dd if=/dev/zero of=/t/x bs=1024 count=2048 2>&1 | grep -c "No space"'
            """).ExpectOutput("700\n1\n750\n1\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_read_only_root_takes_no_writes_and_still_has_its_mounts(User user) =>
        Script(user, """
            "$decant" run --read-only -v $host:/data --tmpfs /t busybox sh -c 'touch /x 2>/dev/null || touch /etc/x 2>/dev/null || echo refused; touch /data/new /t/new && echo written'
            """).ExpectOutput("refused\nwritten\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void The_kernels_file_systems_are_there(User user) =>
        Script(user, """
            "$decant" run busybox sh -c 'cat /proc/self/comm; [ -d /sys/class ] && echo x >/dev/null && head -c 4 /dev/zero | wc -c && head -c 4 /dev/urandom | wc -c; [ -c /dev/tty ] && [ -e /dev/pts ] && [ -d /dev/shm ] && [ -e /dev/ptmx ] && readlink /dev/fd'
            """).ExpectOutput("cat\n4\n4\n/proc/self/fd\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void The_process_namespace_is_the_hosts_unless_asked_otherwise(User user) =>
        Script(user, """
            for name in pid net ipc uts; do [ "$("$decant" run busybox readlink /proc/self/ns/$name)" = "$(readlink /proc/self/ns/$name)" ] && echo host; done
            "$decant" run --pid private busybox sh -c 'ls -d /proc/[0-9]* | wc -l' | grep -x '[1-9]' | wc -l
            "$decant" run --ipc private busybox readlink /proc/self/ns/ipc | grep -c -v "$(readlink /proc/self/ns/ipc)"
            "$decant" run --network none busybox sh -c 'tail -n +3 /proc/net/dev | grep -c -v lo:'
            "$decant" run --hostname elsewhere busybox hostname
            """).ExpectOutput("host\nhost\nhost\nhost\n1\n1\n0\nelsewhere\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Names_and_the_time_zone_are_the_hosts_and_a_home_is_not(User user) =>
        Script(user, """
            for file in resolv.conf hosts; do [ "$("$decant" run busybox cat /etc/$file)" = "$(cat /etc/$file)" ] && echo same; done
            [ "$("$decant" run busybox hostname)" = "$(hostname)" ] && echo same
            HOME=$host "$decant" run busybox ls $host 2>/dev/null || echo none
            """).ExpectOutput("same\nsame\nsame\nnone\n");

    [Fact]
    public void A_caller_that_the_image_does_not_know_has_a_name_inside() =>
        Script(User.Ordinary, """
            "$decant" run busybox sh -c 'id -u; whoami' | wc -l
            "$decant" run --root busybox id -u
            "$decant" run -u 0 busybox id -u
            "$decant" run --root -v $host:/data busybox sh -c 'stat -c %u /data/file; touch /data/as-root'
            stat -c %u $host/as-root
            """).ExpectOutput("2\n0\n0\n0\n61234\n");
}
