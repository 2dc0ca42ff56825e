namespace Decant.EndToEnd.Tests.Store;

/// <summary>
/// A store on a tmpfs of 64 MB that fills up, at whatever the pull is doing then: the error says so, fsck finds no damage, the room
/// comes back, and the next pull that fits succeeds.
/// </summary>
public sealed class FullDiskTests
{
    const string Setup = """
        cd "$work" || exit 1
        export DECANT_ROOT=$work/disk/store
        fail() { echo "$*"; cat log; exit 1; }
        clean() { "$decant" fsck >fsck 2>&1 || fail "fsck after $*: $(cat fsck)"; }
        spotless() { clean "$@"; [ "$(wc -l <fsck)" = 1 ] || fail "left after $*: $(cat fsck)"; }
        free() { stat -f -c '%a' disk; }
        full() {
          [ $? = 125 ] || fail "no failure: $*"
          grep -q 'No space left on device' log && grep -q '  fix: free space, or inodes, where the store is' log || fail "$*"
          ! grep -q defect log || fail "$*"
        }
        mkdir small && for i in {1..30}; do head -c 3000 /dev/urandom >small/$i; done && tar -cf small.tar -C small .
        mkdir large && head -c 20000000 /dev/urandom >large/a && head -c 20000000 /dev/urandom >large/b && tar -cf large.tar -C large . && rm -r large
        """;

    static void Run(User user, string mountOptions, string script)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        string work = Workplace.NewDirectory(user);
        variables["work"] = work;
        Shell.Run($"mkdir {work}/disk && mount -t tmpfs -o size=64m,mode=755,uid={user.Id},gid={user.Id}{mountOptions} store {work}/disk").Expect(0);
        try
        {
            Shell.Execute([.. user.Prefix, "/bin/bash", "-c", Setup + "\n" + script], variables, limit: TimeSpan.FromMinutes(5)).Expect(0);
        }
        finally
        {
            Shell.Run($"umount {work}/disk").Expect(0);
        }
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void An_image_that_does_not_fit(User user) =>
        Run(user, "", """
            "$decant" pull tar:small.tar kept 2>log || fail "small"
            before=$(free)
            for i in 1 2 3; do
              "$decant" pull tar:large.tar large 2>log; full "large"
              clean large
              [ $(free) = $before ] || fail "room lost: $(free) of $before blocks; $(find disk | grep tmp)"
            done
            "$decant" pull tar:small.tar next 2>log || fail "next"
            spotless next
            """);

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_disk_that_fills_up_at_any_point_of_a_pull(User user) =>
        Run(user, "", """
            "$decant" pull tar:small.tar probe 2>log; "$decant" rm probe; "$decant" gc >log
            begin=$(free)
            "$decant" pull tar:small.tar probe 2>log; needed=$((begin - $(free))); "$decant" rm probe
            [ $needed -gt 50 ] || fail "only $needed blocks"
            failed=0
            for ((left = 0; left <= needed + 6; left += left < 8 ? 1 : 5)); do
              fallocate -l $((($(free) - left) * 4096)) disk/filler || fail filler
              if "$decant" pull tar:small.tar small 2>log; then :; else full "$left blocks"; failed=$((failed + 1)); fi
              clean "$left blocks"
              rm disk/filler
              "$decant" pull tar:small.tar small 2>log || fail "the pull after $left blocks"
              spotless "the pull after $left blocks"
              "$decant" rm small 2>log || fail rm
            done
            [ $failed -ge 8 ] || fail "only $failed failed"
            """);

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_full_disk_is_freed_by_rm_and_gc(User user) =>
        Run(user, "", """
            "$decant" pull tar:small.tar one 2>log && "$decant" pull tar:small.tar two 2>log || fail small
            echo x >small/x; tar -cf other.tar -C small .; "$decant" pull tar:other.tar other 2>log || fail other
            fallocate -l $(($(free) * 4096)) disk/filler
            [ $(free) = 0 ] || fail "not full"
            "$decant" rm other 2>log || fail "rm on a full disk"
            spotless "rm"
            rm disk/store/refs/one disk/store/refs/two
            head -c 1G /dev/zero >disk/more 2>log
            [ $(free) = 0 ] || fail "not full again"
            "$decant" gc >log 2>&1 || fail "gc on a full disk"
            [ $(free) -gt 50 ] || fail "gc freed nothing"
            spotless gc
            """);

    [Fact]
    public void Too_few_inodes() =>
        Run(User.Root, ",nr_inodes=60", """
            "$decant" pull tar:small.tar small 2>log || fail small
            mkdir many; for i in {1..100}; do echo $i >many/$i; done; tar -cf many.tar -C many .
            "$decant" pull tar:many.tar many 2>log; full many
            clean many
            "$decant" pull tar:small.tar again 2>log || fail again
            spotless again
            """);

    [Fact]
    public void What_gc_says_that_it_frees_is_what_the_disk_gets_back() =>
        Run(User.Root, "", """
            "$decant" pull tar:small.tar one 2>log && "$decant" pull tar:large.tar large 2>log; "$decant" pull tar:small.tar two 2>log
            mkdir part; ln small/1 part/1; ln small/1 part/2; tar -cf part.tar -C part .; "$decant" pull tar:part.tar part 2>log || fail part
            rm disk/store/refs/part
            dry=$("$decant" gc --dry-run --json | sed -n 's/.*"freedBytes": \([0-9]*\).*/\1/p')
            before=$(free)
            told=$("$decant" gc --json | sed -n 's/.*"freedBytes": \([0-9]*\).*/\1/p')
            [ "$told" = "$dry" ] && [ "$told" -gt 0 ] && [ $((($(free) - before) * 4096)) = $told ] || fail "told $told, dry $dry, seen $((($(free) - before) * 4096))"
            """);
}
