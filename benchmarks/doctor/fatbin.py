#!/usr/bin/env python3
"""Compares, file by file, the device code that decant reads with what cuobjdump lists.

usage: fatbin.py [--decant FILE] [--jobs N] DIRECTORY...

For each library below the directories with a section .nv_fatbin: `decant ldd --device-code --json rootfs:/ FILE` and
`cuobjdump -lelf -lptx FILE`, by kind and architecture with their numbers. cuobjdump's names for machine code have no letter for a whole family (sm_100f), so it
is left out of decant's. Needs the CUDA toolkit and readelf. Prints each file that differs, and the times of both.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time


def candidates(directories):
    seen = set()
    for top in directories:
        for parent, _, names in os.walk(top):
            for name in names:
                path = os.path.realpath(os.path.join(parent, name))
                if ".so" in name and os.path.isfile(path) and path not in seen:
                    seen.add(path)
                    yield path


def has_device_code(path):
    listing = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, errors="replace").stdout
    return ".nv_fatbin" in listing


def by_cuobjdump(path):
    listing = subprocess.run(["cuobjdump", "-lelf", "-lptx", path], capture_output=True, text=True, errors="replace").stdout
    return collections.Counter((kind, number) for number, kind in re.findall(r"\.sm_(\w+)\.(cubin|ptx)$", listing, re.MULTILINE))


def by_decant(decant, path):
    answer = subprocess.run([decant, "ldd", "--device-code", "--json", "rootfs:/", path], capture_output=True, text=True)
    if answer.returncode > 1:
        sys.exit(f"decant ldd {path}: {answer.stderr}")
    found = collections.Counter()
    for program in json.loads(answer.stdout)["programs"]:
        for file in program["deviceCode"]:
            if file["path"] == program["path"]:
                for code in file["code"]:
                    number = code["architecture"].split("_")[1]
                    found[code["kind"], number.rstrip("f") if code["kind"] == "cubin" else number] += code["count"]
    return found


def timed(function, *arguments):
    start = time.perf_counter()
    return function(*arguments), time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--decant", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../out/decant"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("directories", nargs="+")
    options = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        paths = list(candidates(options.directories))
        files = [path for path, has in zip(paths, pool.map(has_device_code, paths)) if has]
        truth = list(pool.map(lambda path: timed(by_cuobjdump, path), files))
    same = entries = 0
    took = 0.0
    for path, (expected, _) in zip(files, truth):
        found, seconds = timed(by_decant, options.decant, path)
        took += seconds
        entries += sum(expected.values())
        if found == expected:
            same += 1
        else:
            print(f"{path}\n  only cuobjdump: {dict(expected - found)}\n  only decant:    {dict(found - expected)}")
    print(f"{same} of {len(files)} libraries the same, {entries} pieces of device code; decant {took:.2f} s, cuobjdump {sum(seconds for _, seconds in truth):.2f} s")
    return 0 if same == len(files) else 1


if __name__ == "__main__":
    sys.exit(main())
