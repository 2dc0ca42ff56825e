#!/usr/bin/env python3
"""decant bench beside hyperfine, in one run; README.md says how and why."""

import argparse
import json
import math
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DECANT = Path(__file__).resolve().parents[2] / "out/decant"
LOAD = "while :; do timeout 0.7 sh -c 'while :; do :; done' & timeout 0.7 sh -c 'while :; do :; done' & wait; sleep 0.9; done"
ALLOCATES = """
import mmap, time
memory = mmap.mmap(-1, max({size}, 1) << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, {size} << 20, 4096): memory[page] = 1
time.sleep(0.3)"""


def run(command):
    return subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout


def counting(turns):
    return ["dash", "-c", f"i=0; while [ $i -lt {turns} ]; do i=$((i+1)); done"]


def spinning(milliseconds):
    """Busy for that long whatever the processor's speed at that moment: two tools' clocks are compared, not two moments of a machine."""
    return ["bash", "-c", f"end=$((${{EPOCHREALTIME/./}} + {1000 * milliseconds})); while ((${{EPOCHREALTIME/./}} < end)); do :; done"]


def turns_a_millisecond():
    def least(turns):
        def once():
            begin = time.perf_counter()
            subprocess.run(counting(turns), check=True)
            return time.perf_counter() - begin
        return min(once() for _ in range(5))
    return int(0.001 / ((least(201000) - least(1000)) / 200000))


def hyperfine(commands, *options):
    """The times of each command, one command after the other."""
    with tempfile.NamedTemporaryFile("r") as file:
        run(["hyperfine", "-N", *options, "--export-json", file.name, *map(shlex.join, commands)])
        return [result["times"] for result in json.load(file)["results"]]


def decant(command, *options):
    """The trials of a session."""
    with tempfile.TemporaryDirectory() as directory:
        run([DECANT, "bench", *options, "-o", f"{directory}/session", "--", *command])
        return [json.loads(line) for line in Path(f"{directory}/session/trials.jsonl").read_text().splitlines()]


def values(trials, name="wall", environment="host"):
    return [trial["values"][name] for trial in trials if trial["environment"] == environment]


def medians(rounds):
    print(f"medians of 20 runs, in {rounds} rounds of either order, five times as many of the shortest; milliseconds, and the median of their ratios with its quartiles")
    for name, command in {"sleep 0.05": ["sleep", "0.05"], "5 ms": spinning(5), "500 ms": spinning(500)}.items():
        tools = {
            "hyperfine": lambda: hyperfine([command], "--warmup", "1", "--runs", "20")[0],
            "decant": lambda: values(decant(command, "--env", "host", "--blocks", "20", "--primes", "0", "--cache", "as-is")),
        }
        found = {tool: [] for tool in tools}
        for turn in range(rounds * (5 if name == "5 ms" else 1)):
            for tool in sorted(tools, reverse=turn % 2 == 0):
                found[tool].append(statistics.median(tools[tool]()))
        low, ratio, high = statistics.quantiles([ours / theirs for theirs, ours in zip(found["hyperfine"], found["decant"])], n=4)
        figures = "  ".join(f"{tool} {1000 * statistics.median(found[tool]):8.2f}" for tool in tools)
        print(f"  {name:<10} {figures}  ratio {ratio:.4f} ({low:.4f} to {high:.4f})", flush=True)


def spread(rounds, turns):
    print(f"the ratio of two equal commands while a load comes and goes: standard deviation of its logarithm over {rounds} rounds of 10 runs each")
    command = counting(40 * turns)
    load = subprocess.Popen(["sh", "-c", LOAD], stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        rows = []
        for seed in range(rounds):
            first, second = hyperfine([command, command], "--runs", "10")
            trials = decant(command, "--env", "a=host", "--env", "b=host", "--blocks", "10", "--primes", "0", "--cache", "as-is", "--seed", seed)
            logs = [math.log(b / a) for a, b in zip(values(trials, environment="a"), values(trials, environment="b"))]
            hodges_lehmann = statistics.median((x + y) / 2 for i, x in enumerate(logs) for y in logs[i:])
            rows.append((math.log(statistics.mean(second) / statistics.mean(first)), math.log(statistics.median(second) / statistics.median(first)), hodges_lehmann))
    finally:
        os.killpg(load.pid, 9)
    means, middles, interleaved = (statistics.stdev(column) for column in zip(*rows))
    print(f"  one after the other: of means {100 * means:.1f} %, of medians {100 * middles:.1f} %; interleaved (decant) {100 * interleaved:.1f} %")
    print(f"  variance {(interleaved / means) ** 2:.3f} of that of means, {(interleaved / middles) ** 2:.3f} of that of medians")


def cost():
    print("what looking costs, once a second, over a program of 30 s with 40 processes")
    trial = decant(["sh", "-c", "for i in $(seq 40); do sleep 30 & done; wait"], "--env", "host", "--blocks", "1", "--cache", "as-is")[0]["values"]
    print(f"  CPU time {1000 * trial['sampler']:.1f} ms in {trial['wall']:.1f} s: {100 * trial['sampler'] / trial['wall']:.3f} % of one core")


def memory():
    print("memory that is known: what a program has more that touches so many pages")
    peak = lambda size: statistics.median(values(decant(["python3", "-c", ALLOCATES.format(size=size)], "--env", "host", "--blocks", "3"), "memory.peak"))
    nothing = peak(0)
    for size in (64, 256, 1024):
        more = peak(size) - nothing
        print(f"  {size} MiB allocated: {more / (1 << 20):.1f} MiB, {100 * (more / (size << 20) - 1):+.2f} %")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    if os.getuid() != 0 or not shutil.which("hyperfine"):
        sys.exit("hyperfine.py: needs root, for cgroups, and hyperfine")
    medians(rounds)
    spread(rounds, turns_a_millisecond())
    cost()
    memory()


if __name__ == "__main__":
    main()
