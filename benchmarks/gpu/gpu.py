#!/usr/bin/env python3
"""Compares PyTorch on the host with the same PyTorch run by decant from an image without a driver.

usage: gpu.py IMAGE --python FILE [--blocks N] [--size N] [--seed N] [--decant FILE]

IMAGE has the same files as the host but for the NVIDIA driver (README.md has how to make one). In each block both run once, in random order:
a process that imports torch, multiplies two bf16 matrices for a while, and prints the time from its start (before exec) to the end of the first kernel, the
throughput, and the memory of the GPU that it allocated and that the device has in use. Prints medians, and the ratio's median with a 95 % interval (of the blocks' ratios, by bootstrap).
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import time

PROGRAM = """
import json, os, sys, time
began, size = float(sys.argv[1]), int(sys.argv[2])
import torch
x = torch.ones(1, device="cuda") + 1
torch.cuda.synchronize()
first = time.time() - began
a = torch.randn(size, size, device="cuda", dtype=torch.bfloat16)
b = torch.randn(size, size, device="cuda", dtype=torch.bfloat16)
for _ in range(10):
    a @ b
torch.cuda.synchronize()
rates = []
for _ in range(10):
    start = time.perf_counter()
    for _ in range(20):
        a @ b
    torch.cuda.synchronize()
    rates.append(20 * 2 * size ** 3 / (time.perf_counter() - start) / 1e12)
free, total = torch.cuda.mem_get_info()
print(json.dumps({"first": first * 1e3, "rate": sorted(rates)[5], "allocated": torch.cuda.max_memory_allocated() / 2**20, "used": (total - free) / 2**20}))
"""


def run(prefix, python, size):
    answer = subprocess.run([*prefix, python, "-c", PROGRAM, str(time.time()), str(size)], capture_output=True, text=True)
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(prefix)} {python}: {answer.returncode}\n{answer.stderr}")
    return json.loads(answer.stdout)


def interval(ratios, rng, draws=10_000):
    medians = sorted(statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(draws))
    return medians[int(draws * 0.025)], medians[int(draws * 0.975)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("image")
    parser.add_argument("--python", required=True)
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--size", type=int, default=8192)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--decant", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../out/decant"))
    options = parser.parse_args()
    rng = random.Random(options.seed)
    arms = {"native": [], "decant": [options.decant, "run", "--gpus", "all", options.image]}
    for prefix in arms.values():
        run(prefix, options.python, options.size)
    seen = {name: [] for name in arms}
    for _ in range(options.blocks):
        for name in rng.sample(list(arms), len(arms)):
            seen[name].append(run(arms[name], options.python, options.size))
    print(subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"], capture_output=True, text=True).stdout.strip(), f"- {options.blocks} blocks, seed {options.seed}")
    for key, what in (("rate", "bf16 matmul, TFLOP/s"), ("first", "start to first kernel, ms"), ("allocated", "allocated, MiB"), ("used", "device memory in use, MiB")):
        native, decant = ([one[key] for one in seen[name]] for name in ("native", "decant"))
        ratios = [ours / theirs for ours, theirs in zip(decant, native)]
        low, high = interval(ratios, rng)
        print(f"{what:28} native {statistics.median(native):9.1f}  decant {statistics.median(decant):9.1f}  ratio {statistics.median(ratios):.4f} [{low:.4f}, {high:.4f}]")


if __name__ == "__main__":
    main()
