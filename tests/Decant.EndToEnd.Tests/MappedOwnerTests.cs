namespace Decant.EndToEnd.Tests;

/// <summary>owners = "mapped": what a user with subordinate ids unpacks keeps its owners, and every command is that of a root who has them.</summary>
public sealed class MappedOwnerTests
{
    /// <summary>Runs a script as maud in a <see cref="SubordinateRoom"/>, with a store of its own; $image is one of the test images as docker saved it.</summary>
    static ProgramResult Room(string script, string image = "bookworm", bool hasRange = true)
    {
        string room = Workplace.NewDirectory(SubordinateRoom.Maud);
        return SubordinateRoom.Run(
            [.. SubordinateRoom.Maud.Prefix, "/bin/bash", "-c", $"""
                mkdir $room/decant && echo 'owners = "mapped"' >$room/decant/config.toml
                {script}
                """],
            new() { ["XDG_CONFIG_HOME"] = room, ["DECANT_ROOT"] = room + "/store", ["room"] = room, ["image"] = $"docker-archive:{TestImages.File($"{image}.docker.tar")}" },
            hasRange);
    }

    [Fact]
    public void Files_have_the_owners_of_the_image_inside_and_subordinate_ids_outside() =>
        Room("""
            "$decant" pull $image x 2>&1 >/dev/null | grep -c "device nodes were left out"
            "$decant" run x stat -c "%U:%G %a %n" /etc/shadow /var/mail /usr/bin/passwd /var/cache/apt/archives/partial
            stat -c %u:%g $DECANT_ROOT/layers/*/diff/etc/shadow $DECANT_ROOT/layers/*/diff/var/mail $DECANT_ROOT
            "$decant" fsck | grep -o clean
            """).ExpectOutput("""
            1
            root:shadow 640 /etc/shadow
            root:mail 2775 /var/mail
            root:root 4755 /usr/bin/passwd
            _apt:root 700 /var/cache/apt/archives/partial
            61235:300041
            61235:300007
            61235:61235
            clean

            """);

    [Fact]
    public void The_program_is_the_user_that_is_asked_for_and_writes_as_that_user() =>
        Room("""
            "$decant" run -u www-data $image sh -c 'id -un; id -Gn; touch /tmp/x; stat -c %U:%G /tmp/x; touch /x 2>/dev/null || echo refused' 2>/dev/null
            "$decant" run $image sh -c 'id -u; chown 7:8 /etc/passwd; stat -c %u:%g /etc/passwd' 2>/dev/null
            """).ExpectOutput("www-data\nwww-data\nwww-data:www-data\nrefused\n0\n7:8\n");

    [Fact]
    public void Exit_codes_signals_pipes_and_a_terminal_are_those_of_any_launch() =>
        Room("""
            "$decant" pull $image x 2>/dev/null >&2
            "$decant" run x sh -c 'exit 7'; echo $?
            echo through | "$decant" run -i x cat
            yes | "$decant" run -i x head -1
            "$decant" run -u app x sh -c 'trap "echo got; exit 5" TERM; echo up >/dev/shm/up; while :; do sleep 0.1; done' & pid=$!
            until [ -e /dev/shm/up ]; do sleep 0.05; done; kill -TERM $pid; wait $pid; echo $?
            "$decant" run -t x sh -c 'test -t 0 && echo terminal' | tr -d '\r'
            "$decant" run 'none such' 2>/dev/null; echo $?
            """, "busybox").ExpectOutput("7\nthrough\ny\ngot\n5\nterminal\n125\n");

    [Theory]
    [InlineData("root")]
    [InlineData("app")]
    public void The_program_dies_with_decant(string user) =>
        Room($$"""
            "$decant" pull $image x 2>/dev/null >&2
            "$decant" run -u {{user}} x sh -c 'exec tail -f /dev/null' & pid=$!
            until pgrep -x tail >/dev/null; do sleep 0.05; done; pgrep -xc tail
            kill -KILL $pid; wait $pid; echo $?
            for i in 1 2 3 4 5 6 7 8 9; do pgrep -x tail >/dev/null || break; sleep 0.2; done; pgrep -xc tail || true
            """, "busybox").ExpectOutput("1\n137\n0\n");

    [Fact]
    public void Everything_can_be_removed_again() =>
        Room("""
            "$decant" pull $image x 2>/dev/null >&2
            "$decant" run --name kept x sh -c 'mkdir -m 700 /d; touch /d/f; chown -R 1000:2000 /d'
            "$decant" run --name kept x stat -c %u:%g /d/f
            "$decant" rm kept x >/dev/null; echo $?
            find $DECANT_ROOT/layers $DECANT_ROOT/runs $DECANT_ROOT/tmp -mindepth 1 | wc -l
            """).ExpectOutput("1000:2000\n0\n0\n");

    [Fact]
    public void What_is_exported_is_what_root_exports()
    {
        TestImages.Pulled(User.Root, "bookworm");
        string sum = DecantBinary.Script(User.Root, """
            "$decant" export bookworm tar:- | sha256sum
            """).Expect(0).Output;
        Room("""
            "$decant" pull $image x 2>/dev/null >&2; "$decant" export x tar:- | sha256sum
            """).ExpectOutput(sum);
    }

    [Fact]
    public void A_script_gives_the_same_owners_also_where_only_they_may_look() =>
        Room("""
            "$decant" pull $image x 2>/dev/null >&2
            "$decant" script x -- stat -c %U:%G /var/mail >$room/script && sh $room/script
            "$decant" script -w /var/cache/apt/archives/partial x -- pwd >$room/script && sh $room/script
            """).ExpectOutput("root:mail\n/var/cache/apt/archives/partial\n");

    [Fact]
    public void What_can_be_read_once_is_read_once() =>
        Room("""
            "$decant" pull $image x 2>/dev/null >&2
            "$decant" run --env-file <(echo A=pipe) x sh -c 'echo $A'
            echo A=input | "$decant" run --env-file /dev/stdin x sh -c 'echo $A'
            """, "busybox").ExpectOutput("pipe\ninput\n");

    [Fact]
    public void A_store_stays_of_one_kind()
    {
        string[] lines = Room("""
            "$decant" pull $image x 2>/dev/null >&2
            mv $room/decant/config.toml $room/aside
            "$decant" rm x 2>&1; echo $?
            for command in fsck gc images "run x true" "inspect x" "env x" "script x true" "export x tar:-"; do "$decant" $command 2>&1 | grep -c "belong to subordinate ids"; done
            DECANT_ROOT=$room/folded "$decant" pull $image y 2>/dev/null >&2
            mv $room/aside $room/decant/config.toml
            DECANT_ROOT=$room/folded "$decant" rm y 2>&1; echo $?
            """, "busybox").Expect(0).Output.Split('\n');
        Assert.Contains("belong to subordinate ids", lines[0]);
        Assert.Contains("owners = \"mapped\"", lines[1]);
        Assert.Equal("125", lines[2]);
        Assert.Equal(Enumerable.Repeat("1", 8), lines[3..11]);
        Assert.Contains("was made without owners = \"mapped\"", lines[11]);
        Assert.Equal("125", lines[13]);
    }

    [Fact]
    public void Without_a_range_of_ids_the_reason_and_the_way_to_one_are_said() =>
        Room("\"$decant\" pull $image x", "busybox", hasRange: false)
            .ExpectError(125, "needs a range of subordinate ids, and /etc/subuid has none for maud", "usermod --add-subuids");

    [Fact]
    public void A_tool_that_may_not_map_is_named() =>
        SubordinateRoom.Run(
            ["/bin/bash", "-c", $"""mount --bind /bin/true /usr/bin/newgidmap; mkdir /dev/shm/decant; echo 'owners = "mapped"' >/dev/shm/decant/config.toml; exec {string.Join(' ', SubordinateRoom.Maud.Prefix)} "$decant" images"""],
            new() { ["XDG_CONFIG_HOME"] = "/dev/shm" }).ExpectError(125, "/usr/bin/newgidmap is neither setuid", "chmod u+s /usr/bin/newgidmap");

    [Fact]
    public void A_word_that_is_neither_is_refused_with_its_place() =>
        Room("echo 'owners = \"kept\"' >$room/decant/config.toml; \"$decant\" images")
            .ExpectError(125, "config.toml:1:1: owners must be \"mapped\" or \"folded\"");
}
