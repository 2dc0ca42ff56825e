namespace Decant.EndToEnd.Tests.Store;

/// <summary>Many decants at work in one store at once.</summary>
public sealed class StoreRaceTests
{
    static ProgramResult Run(User user, string script)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["work"] = Workplace.NewDirectory(user);
        variables["layers"] = $"docker-archive:{TestImages.File("layers.docker.tar")}";
        variables["busybox"] = $"docker-archive:{TestImages.File("busybox.docker.tar")}";
        variables["user"] = $"docker-archive:{TestImages.File("user.docker.tar")}";
        const string setup = "cd \"$work\" || exit 1; export DECANT_ROOT=$work/store; fail() { echo \"$*\"; exit 1; }\n";
        return Shell.Execute([.. user.Prefix, "/bin/bash", "-c", setup + script], variables, limit: TimeSpan.FromMinutes(5));
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Pulls_of_one_image_at_once_do_the_work_once(User user) =>
        Run(user, """
            for i in {1..6}; do "$decant" run "$layers" true 2>err$i & jobs[i]=$!; done
            for i in {1..6}; do wait ${jobs[i]} || fail "$(cat err$i)"; done
            [ $(grep -l unpacking err* | wc -l) = 1 ] || fail "$(grep unpacking err*)"
            "$decant" fsck || fail fsck
            """).Expect(0);

    /// <summary>The images share layers. A run may find its image gone, and nothing else may go wrong.</summary>
    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Pulls_removals_collections_checks_and_runs_at_once(User user) =>
        Run(user, """
            sources=("$layers" "$busybox" "$user")
            may() { # ALLOWED-ERROR COMMAND...
              local allowed=$1 out status; shift
              out=$("$@" 2>&1); status=$?
              [ $status = 0 ] || { [ $status = 125 ] && [[ -n $allowed && $out =~ $allowed ]]; } || { echo "$*: $status: $out" >>bad; }
            }
            worker() {
              RANDOM=$1
              for ((i = 0; i < 25; i++)); do
                name=n$((RANDOM % 3))
                case $((RANDOM % 7)) in
                  0|1) may '' "$decant" pull "${sources[RANDOM % 3]}" $name ;;
                  2) may 'no image' "$decant" rm $name ;;
                  3) may '' "$decant" gc ;;
                  4) may '' "$decant" fsck ;;
                  5) may 'no image|was removed|No such file' "$decant" run $name true ;;
                  6) may '' "$decant" run "${sources[RANDOM % 3]}" sh -c 'ls /bin >/dev/null' ;;
                esac
              done
            }
            : >bad
            for i in {1..5}; do worker $i & done
            wait
            [ ! -s bad ] || fail "$(cat bad)"
            "$decant" fsck >log || fail "$(cat log)"
            "$decant" gc >>log; "$decant" fsck >log && [ $(wc -l <log) = 1 ] || fail "$(cat log)"
            for i in 0 1 2; do "$decant" pull "${sources[i]}" n$i 2>log && "$decant" run n$i true || fail "$(cat log)"; done
            """).Expect(0);
}
