#!/bin/bash
# decant bench beside hyperfine, in one run: medians of three commands, what interleaving does to the ratio of two equal commands while another load comes and
# goes, and what looking at memory costs and says. usage: benchmarks/bench/hyperfine.sh [rounds]; needs hyperfine, python3; as root.
set -euo pipefail
rounds=${1:-12}
cd "$(dirname "$0")/../.."
decant=$PWD/out/decant
work=$(mktemp -d)
trap 'rm -rf "$work"; kill %1 2>/dev/null || true' EXIT

median() { python3 -c 'import json,sys,statistics; print(statistics.median(json.load(open(sys.argv[1]))["results"][0]["times"]))' "$1"; }
trials() { python3 -c '
import json, statistics, sys
print(statistics.median(json.loads(line)["values"]["wall"] for line in open(sys.argv[1] + "/trials.jsonl")))' "$1"; }

echo "medians of 20 runs, seconds; rounds in turn, the median of their ratios"
count() { echo "i=0; while [ \$i -lt $1 ]; do i=\$((i+1)); done"; }
# How many turns of a shell's loop take a millisecond here.
turns=$(python3 -c '
import subprocess, time
def run(n):
    begin = time.perf_counter(); subprocess.run(["dash", "-c", f"i=0; while [ $i -lt {n} ]; do i=$((i+1)); done"]); return time.perf_counter() - begin
few, many = min(run(1000) for _ in range(5)), min(run(201000) for _ in range(5))
print(int(0.001 / ((many - few) / 200000)))')
for name in "sleep 0.05" "5 ms" "500 ms"; do
  case $name in
    sleep*) command=(sleep 0.05) ;;
    "5 ms") command=(dash -c "$(count $((4 * turns)))") ;;
    *) command=(dash -c "$(count $((500 * turns)))") ;;
  esac
  for round in 1 2 3; do
    rm -rf "$work/s"
    printf -v quoted '%q ' "${command[@]}"
    hyperfine -N --warmup 2 --runs 20 --export-json "$work/h.json" "$quoted" >/dev/null 2>&1
    "$decant" bench --env host --blocks 20 --primes 0 --cache as-is -o "$work/s" -- "${command[@]}" >/dev/null
    echo "$(median "$work/h.json") $(trials "$work/s")"
  done | python3 -c '
import statistics, sys
rows = [tuple(map(float, line.split())) for line in sys.stdin]
print(f"  {sys.argv[1]:<10} hyperfine {statistics.median(r[0] for r in rows):.5f}  decant {statistics.median(r[1] for r in rows):.5f}  ratio {statistics.median(r[1]/r[0] for r in rows):.4f}")' "$name"
done

echo "the ratio of two equal commands while a load comes and goes ($rounds rounds of 10 runs each): spread of its logarithm"
(while :; do timeout 0.7 sh -c 'while :; do :; done' & timeout 0.7 sh -c 'while :; do :; done' & wait; sleep 0.9; done) 2>/dev/null &
command=(dash -c "$(count $((40 * turns)))")
printf -v quoted '%q ' "${command[@]}"
for round in $(seq "$rounds"); do
  rm -rf "$work/s"
  hyperfine -N --runs 10 --export-json "$work/h.json" "$quoted" "$quoted" >/dev/null 2>&1
  "$decant" bench --env a=host --env b=host --blocks 10 --primes 0 --cache as-is --seed "$round" -o "$work/s" -- "${command[@]}" >/dev/null
  python3 -c '
import json, math, statistics, sys
runs = [result["times"] for result in json.load(open(sys.argv[1]))["results"]]
blocks = {}
for line in open(sys.argv[2] + "/trials.jsonl"):
    trial = json.loads(line)
    blocks.setdefault(trial["block"], {})[trial["environment"]] = trial["values"]["wall"]
walsh = [math.log(block["b"] / block["a"]) for block in blocks.values()]
hodges_lehmann = statistics.median((x + y) / 2 for i, x in enumerate(walsh) for y in walsh[i:])
print(math.log(statistics.mean(runs[1]) / statistics.mean(runs[0])), math.log(statistics.median(runs[1]) / statistics.median(runs[0])), hodges_lehmann)' "$work/h.json" "$work/s"
done | python3 -c '
import statistics, sys
rows = [tuple(map(float, line.split())) for line in sys.stdin]
deviations = [statistics.stdev(column) for column in zip(*rows)]
print(f"  one after the other, means {100*deviations[0]:.1f} %   medians {100*deviations[1]:.1f} %   interleaved (decant) {100*deviations[2]:.1f} %   variance {(deviations[2]/deviations[0])**2:.3f} of that of means, {(deviations[2]/deviations[1])**2:.3f} of that of medians")'
kill %1 2>/dev/null || true

echo "the sampler at 1 Hz, over a program of 30 s with 40 processes; and memory that is known"
rm -rf "$work/s"
"$decant" bench --env host --blocks 1 --cache as-is -o "$work/s" -- sh -c 'for i in $(seq 40); do sleep 30 & done; wait' >/dev/null
python3 -c '
import json, sys
values = json.loads(open(sys.argv[1] + "/trials.jsonl").readline())["values"]
print("  CPU time of the sampler %.1f ms in %.1f s: %.3f %% of one core" % (1000 * values["sampler"], values["wall"], 100 * values["sampler"] / values["wall"]))' "$work/s"
for size in 64 256 1024; do
  rm -rf "$work/s"
  "$decant" bench --env host --blocks 3 --primes 1 -o "$work/s" -- python3 -c "
import mmap, time
memory = mmap.mmap(-1, $size << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, $size << 20, 4096): memory[page] = 1
time.sleep(0.3)" >/dev/null
  "$decant" bench --env host --blocks 3 --primes 1 -o "$work/e" -- python3 -c "
import mmap, time
time.sleep(0.3)" >/dev/null
  python3 -c '
import json, statistics, sys
def of(path, name): return statistics.median(json.loads(line)["values"][name] for line in open(path + "/trials.jsonl"))
for name in ("memory.peak", "memory.anonymous"):
    got = of(sys.argv[1], name) - of(sys.argv[2], name)
    print(f"  {sys.argv[3]} MiB allocated: {name} {got / (1 << 20):.1f} MiB more than without, {100 * (got / (int(sys.argv[3]) << 20) - 1):+.2f} %")' "$work/s" "$work/e" "$size"
  rm -rf "$work/e"
done
