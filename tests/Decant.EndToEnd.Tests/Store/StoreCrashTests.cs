namespace Decant.EndToEnd.Tests.Store;

/// <summary>
/// decant ended at any moment leaves a store in which fsck finds no damage and the next pull succeeds: by kill -9 at random moments,
/// and by a signal or an error at each of the system calls that change the store, one after the other.
/// </summary>
public sealed class StoreCrashTests
{
    // A store and sources of this script's own. Work prints what goes wrong and ends with 1.
    const string Setup = """
        cd "$work" || exit 1
        export DECANT_ROOT=$work/store
        mkdir root && for i in {1..20}; do echo $i >root/$i; done && mkdir root/closed && touch root/closed/f && chmod 500 root/closed && head -c 100000 /dev/zero >root/zeros
        tar -cf small.tar -C root . && echo more >root/more && tar -cf other.tar -C root .
        fail() { echo "$*"; tail -n 20 log; exit 1; }
        clean() { "$decant" fsck >fsck 2>&1 || fail "fsck after $*: $(cat fsck)"; }
        pull() { "$decant" pull "$@" >log 2>&1 || fail "pull $*"; }
        # No finding at all, once a change has been made since.
        spotless() { clean "$@"; [ "$(wc -l <fsck)" = 1 ] || fail "left after $*: $(cat fsck)"; }
        # An operation with what it needs: a fresh image, one that replaces another, a removal, garbage.
        prepare() {
          case $1 in
            pull) "$decant" rm a >log 2>&1 ;;
            replace) pull tar:small.tar a ;;
            rm) pull "$layers" a ;;
            gc) pull "$layers" a; rm store/refs/a ;;
          esac
        }
        operate() {
          case $1 in
            pull) exec "$decant" pull "$layers" a ;;
            replace) exec "$decant" pull tar:other.tar a ;;
            unpack) exec "$decant" run "tar:$busybox" true ;;
            rm) exec "$decant" rm a ;;
            gc) exec "$decant" gc ;;
          esac
        }
        """;

    static ProgramResult Run(User user, string script)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        string work = Workplace.NewDirectory(user);
        variables["work"] = work;
        variables["layers"] = $"oci:{TestImages.File("layers.oci")}:latest";
        variables["busybox"] = TestImages.File("busybox.tar");
        // In memory: what a killed process leaves does not depend on the disk, and syncing one takes most of the time.
        Shell.Run($"mount -t tmpfs -o size=512m,mode=755,uid={user.Id},gid={user.Id} work {work}").Expect(0);
        try
        {
            return Shell.Execute([.. user.Prefix, "/bin/bash", "-c", Setup + "\n" + script], variables, limit: TimeSpan.FromMinutes(10));
        }
        finally
        {
            Shell.Run($"umount -l {work}").Expect(0);
        }
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Killed_at_random_moments(User user) =>
        Run(user, $"kills_wanted={Environment.GetEnvironmentVariable("DECANT_KILLS") ?? "150"}\n" + """
            RANDOM=$((SEED = ${EPOCHREALTIME#*.} % 32768))
            operations=(pull unpack rm gc replace)
            declare -A length
            for operation in "${operations[@]}"; do
              prepare $operation
              begin=${EPOCHREALTIME/./}
              ( operate $operation ) >log 2>&1 || fail "$operation"
              length[$operation]=$((${EPOCHREALTIME/./} - begin))
            done
            for ((kills = tries = 0; kills < kills_wanted; tries++)); do
              [ $tries -lt $((7 * kills_wanted)) ] || fail "only $kills kills of $tries hit"
              operation=${operations[tries % 5]}
              prepare $operation
              [ $operation != unpack ] || "$decant" rm "tar:$busybox" >log 2>&1
              ( operate $operation ) >log 2>&1 & pid=$!
              moment=$((RANDOM * length[$operation] / 32768))
              sleep $((moment / 1000000)).$(printf %06d $((moment % 1000000)))
              kill -KILL $pid 2>/dev/null
              wait $pid 2>/dev/null
              [ $? != 137 ] || kills=$((kills + 1))
              clean "$operation, try $tries of seed $SEED"
              pull "$layers" a
              ((tries % 7)) || spotless "the pull after $operation, try $tries of seed $SEED"
            done
            "$decant" rm --all && "$decant" gc >log && [ -z "$(ls store/tmp store/layers store/blobs/sha256 | grep -v :)" ] || fail "something is left: $(find store | head)"
            """).Expect(0);

    /// <summary>strace ends decant at the first, second, third… call of a kind, before the kernel has done it.</summary>
    [Theory]
    [InlineData("pull")]
    [InlineData("replace")]
    [InlineData("rm")]
    [InlineData("gc")]
    public void Ended_before_each_change_in_turn(string operation) =>
        Run(User.Root, $$"""
            operation={{operation}}
            for call in renameat mkdirat unlinkat fsync syncfs flock; do
              for ((n = 1; n < 400; n += (call == unlinkat || call == mkdirat) && n > 8 ? 7 : 1)); do
                prepare $operation
                ( exec strace -f -qq -o trace -e trace=$call -e inject=$call:signal=KILL:when=$n bash -c "$(declare -f operate); operate $operation" ) >log 2>&1
                status=$?
                clean "$operation, $call number $n"
                [ $status = 137 ] || break
                pull "$layers" a
                spotless "the pull after $operation, $call number $n"
              done
              [ $status = 0 ] || fail "$operation without an end, $call: $status"
              echo $call $((n - 1)) >>counts
            done
            cat counts
            """).Expect(0);

    /// <summary>The errors of a full disk, a quota and a failing disk at each call in turn: told, exit 125, and nothing left that stays.</summary>
    [Theory]
    [InlineData("pull", "ENOSPC", "No space left on device")]
    [InlineData("replace", "EDQUOT", "Disk quota exceeded")]
    [InlineData("gc", "EIO", "Input/output error")]
    [InlineData("rm", "ENOSPC", "No space left on device")]
    public void An_error_at_each_change_in_turn(string operation, string error, string text) =>
        Run(User.Root, $$"""
            operation={{operation}}
            for call in renameat mkdirat fsync syncfs pwrite64 write symlinkat linkat; do
              for ((n = 1; n < 400; n += n > 8 ? 7 : 1)); do
                prepare $operation
                ( exec strace -f -qq -o trace -e trace=$call -e inject=$call:error={{error}}:when=$n bash -c "$(declare -f operate); operate $operation" ) >log 2>&1
                status=$?
                grep -q INJECTED trace || break
                case $status in
                  0) ;;
                  # Each thread is counted by itself, so the message may be what failed.
                  125) grep -q '{{text}}' log || grep -q 'write(2, .*INJECTED' trace || fail "$operation, $call number $n does not say why"
                       grep -q defect log && fail "$operation, $call number $n" ;;
                  *) fail "$operation, $call number $n: $status" ;;
                esac
                clean "$operation, $call number $n"
                pull "$layers" a
                spotless "the pull after $operation, $call number $n"
              done
            done
            """).Expect(0);
}
