#!/bin/bash
# Checks the formatting, builds everything with warnings as errors, and runs every test project; the end-to-end tests run
# the native binaries. Needs root: some tests mount, start a dockerd and become other users.
# The last line is "N passed, N failed"; the exit status is 0 only when nothing failed.
set -euo pipefail
cd "$(dirname "$0")"
if [ "$(id -u)" != 0 ]; then
  echo "test.sh: run as root: parts of the tests mount file systems, start a dockerd and become other users" >&2
  exit 1
fi
exec </dev/null
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# How long the fuzzers look for trouble, all together (docs/fuzzing.md).
export DECANT_FUZZ_SECONDS=${DECANT_FUZZ_SECONDS-60}
# How often decant is killed at random moments of its changes to a store, for each of two users; 150 where this is not set.
export DECANT_KILLS=${DECANT_KILLS-50}

# Data that the tests compare with and that are no part of this repository lie in data/ of this directory.
export DECANT_SHARED=${DECANT_SHARED-../shared}
without=()
if [ ! -d "$DECANT_SHARED/data" ]; then
  echo "no $DECANT_SHARED/data: the golden values of statistics are not compared (DECANT_SHARED names another place)"
  without=(-trait- data=shared)
fi

took() {
  printf -- '-- %s: %d s\n' "$1" "$((SECONDS - start))"
  start=$SECONDS
}
start=$SECONDS

tests/install-packages.sh $(cat tests/packages.txt)
took "packages"

# The images are made while the compilers run.
images=$(mktemp)
trap 'rm -f "$images"*' EXIT
tests/Decant.EndToEnd.Tests/Images/make-images.sh >"$images" 2>"$images.log" &
making=$!

# Each step fails on its own; the tests of what could be built still run.
passed=0 failed=0 table=
record() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  table+=$(printf '%-28s %5d passed %4d failed  %s' "$1" "$2" "$3" "${4-}")$'\n'
}
step() {
  local name=$1
  shift
  if "$@"; then record "$name" 1 0; else record "$name" 0 1; fi
  took "$name"
}
step "build" dotnet build decant.slnx -v quiet -nologo -warnaserror
# The build has looked at style and names already, as its warnings are errors: white space is left.
dotnet format whitespace decant.slnx --verify-no-changes --no-restore >"$images.format" 2>&1 &
formatting=$!
step "out/decant" env RunAnalyzers=false ./build.sh

if ! wait "$making"; then
  record "test images" 0 1
fi
cat "$images.log"
took "images, beyond the builds"

results=out/test-results
mkdir -p "$results"
rm -f "$results"/*

# Runs the project's tests that the filter leaves, behind a command if one is given; leaves .xml, .log and .status of that name.
filter=()
run_tests() {
  local name=$1 project=$2 status=0
  shift 2
  "$@" "tests/$project/bin/Debug/net10.0/$project" -noColor -noLogo -failSkips -xml "$results/$name.xml" "${without[@]}" "${filter[@]}" \
    >"$results/$name.log" 2>&1 || status=$?
  echo "$status" >"$results/$name.status"
}
count_tests() {
  local name=$1 project=$2 status counts total errors bad time
  status=$(cat "$results/$name.status")
  counts=$(sed -n 's/^ *'"$project"' *Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: [0-9]*, Not Run: \([0-9]*\), Time: \(.*\)$/\1 \2 \3 \5/p' \
    "$results/$name.log" | tail -1)
  if [ -z "$counts" ]; then
    cat "$results/$name.log"
    record "$name" 0 1 "ended with status $status"
    return
  fi
  read -r total errors bad time <<<"$counts"
  if [ "$status" != 0 ]; then
    cat "$results/$name.log"
    # Errors outside any test, and a failure that no test counts, are failures all the same.
    [ $((bad + errors)) != 0 ] || errors=1
  fi
  record "$name" "$((total - bad))" "$((bad + errors))" "$time"
}

# The end-to-end tests that look at stores and registries run beside all others: in a mount namespace of their own, as the others
# look at the host's mounts.
filter=(-namespace Decant.EndToEnd.Tests.Store -namespace Decant.EndToEnd.Tests.Registry)
run_tests EndToEnd-stores Decant.EndToEnd.Tests unshare --mount &
stores=$!

crossing=
case $(uname -m) in
  x86_64) RunAnalyzers=false ./build.sh --arch arm64 >"$images.arm64" 2>&1 & crossing=$! ;;
esac
filter=()
for project in tests/*.Tests; do
  name=${project##*/}
  [ "$name" != Decant.EndToEnd.Tests ] || continue
  run_tests "$name" "$name"
  count_tests "$name" "$name"
done
took "unit tests"
step "format" wait "$formatting"
cat "$images.format"
if [ -n "$crossing" ]; then
  step "out/decant-arm64" wait "$crossing"
  cat "$images.arm64"
fi
filter=(-namespace- Decant.EndToEnd.Tests.Store -namespace- Decant.EndToEnd.Tests.Registry)
run_tests EndToEnd Decant.EndToEnd.Tests
count_tests EndToEnd Decant.EndToEnd.Tests
took "end-to-end tests"
wait "$stores"
count_tests EndToEnd-stores Decant.EndToEnd.Tests
took "end-to-end tests of stores and registries, beyond these"

echo "Slowest tests:"
cat "$results"/*.xml 2>/dev/null | tr '<' '\n' |
  sed -n 's/^test .*name="\([^"]*\)".* time="\([0-9.]*\)".*/\2 s  \1/p' | sort -rn | sed -n 1,15p
echo
echo "$table"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
