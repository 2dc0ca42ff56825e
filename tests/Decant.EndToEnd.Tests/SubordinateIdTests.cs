namespace Decant.EndToEnd.Tests;

/// <summary>Launches with a range of ids behind root (<see cref="SubordinateRoom"/>).</summary>
public sealed class SubordinateIdTests
{
    static ProgramResult Room(string script, Dictionary<string, string>? variables = null)
    {
        TestImages.Pulled(SubordinateRoom.Maud, "busybox");
        return SubordinateRoom.Run([Workplace.Existing("tests/Decant.EndToEnd.Tests/QuietRoom.sh", "git checkout"), script, .. SubordinateRoom.Maud.Prefix], variables ?? []);
    }

    [Fact]
    public void Root_inside_gives_files_to_other_users_and_becomes_them() =>
        Room("""
            "$decant" run --root busybox sh -c '
              stat -c "%u:%g" / /bin/busybox /etc/hosts
              touch /f; chown 1000:2000 /f; stat -c "%u:%g" /f
              su -s /bin/sh app -c "id -u; touch /tmp/hers; stat -c %u:%g /tmp/hers; touch /etc/x 2>/dev/null || echo refused"
              kill -0 1 2>/dev/null || echo outside'
            """).ExpectOutput("0:0\n0:0\n0:0\n1000:2000\n1000\n1000:1000\nrefused\noutside\n");

    [Fact]
    public void Files_of_the_range_show_their_owners_inside()
    {
        string root = HostileRoot.New("touch of-1000 of-maud of-stranger; chown 300999:301999 of-1000; chown 61235:61235 of-maud; chown 5:5 of-stranger; chmod 1777 tmp");
        Room("""
            "$decant" run --root rootfs:$root /bin/sh -c 'stat -c "%n %u:%g" of-*; touch /tmp/new && stat -c %u:%g /tmp/new'
            """, new() { ["root"] = root }).ExpectOutput("of-1000 1000:2000\nof-maud 0:0\nof-stranger 65534:65534\n0:0\n");
    }

    [Fact]
    public void The_program_can_be_any_user_of_the_range() =>
        Room("""
            "$decant" run --root --user app busybox sh -c 'id -u; id -g; touch /tmp/x; stat -c %u:%g /tmp/x'
            "$decant" run --user 0 busybox sh -c 'chown 65536 /tmp; stat -c %u /tmp'
            "$decant" run --root --user 65537 busybox true 2>&1 | grep -c -e 'maps no such user' -e '/etc/subuid'
            """).ExpectOutput("1000\n1000\n1000:1000\n65536\n2\n");

    [Fact]
    public void Decant_waits_forwards_signals_and_dies_with_the_program() =>
        Room("""
            "$decant" run --root busybox sh -c 'exit 7'; echo $?
            "$decant" run --root busybox sh -c 'trap "echo got; exit 5" TERM; echo up >/dev/shm/up; while :; do sleep 0.1; done' & pid=$!
            until [ -e /dev/shm/up ]; do sleep 0.05; done; kill -TERM $pid; wait $pid; echo $?; rm /dev/shm/up
            "$decant" run --root busybox sh -c 'echo up >/dev/shm/up; sleep 60' & pid=$!
            until [ -e /dev/shm/up ]; do sleep 0.05; done; kill -KILL $pid; wait $pid; echo $?; rm -f /dev/shm/up
            """).ExpectOutput("7\ngot\n5\n137\n");

    [Fact]
    public void A_script_maps_the_same_range() =>
        Room("""
            "$decant" script --root busybox -- sh -c 'touch /f; chown 1000:2000 /f; stat -c %u:%g /f' >/tmp/script; sh /tmp/script; rm /tmp/script
            """).ExpectOutput("1000:2000\n");

    [Fact]
    public void What_a_kept_run_gave_to_other_users_comes_back_and_can_be_removed() =>
        Room("""
            keep() { "$decant" run --root --name kept busybox sh -c 'mkdir -m 700 /d; touch /d/f; mkdir -p /e/f/g; chown -R 1000:2000 /d /e'; }
            keep; "$decant" run --root --name kept --rm busybox stat -c %u:%g /d/f; echo $?
            keep; "$decant" rm kept >/dev/null; echo $?
            """).ExpectOutput("1000:2000\n0\n0\n");
}
