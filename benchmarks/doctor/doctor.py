#!/usr/bin/env python3
"""What examining a whole image takes: decant doctor against ldd -r of each dynamic ELF file, in one run.

    sudo benchmarks/doctor/doctor.py ROOT [--blocks N]

ldd runs inside the root, as it does nothing for another; libtree, where it is installed, is given each file too, and looks at names only.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

DECANT = Path(__file__).resolve().parents[2] / "out/decant"


def files(root):
    """Dynamic ELF files for this machine, links left out."""
    found = []
    for directory, names, entries in os.walk(root):
        names[:] = [name for name in names if not (Path(directory) == root and name in ("proc", "sys", "dev"))]
        for entry in entries:
            path = Path(directory, entry)
            if path.is_symlink() or not path.is_file() or not (".so" in entry or path.stat().st_mode & 0o111):
                continue
            with open(path, "rb") as file:
                head = file.read(20)
            if head[:5] == b"\x7fELF\x02" and head[18] == 62:
                found.append("/" + str(path.relative_to(root)))
    return found


def timed(command, **options):
    start = time.monotonic()
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", **options)
    return time.monotonic() - start, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--blocks", type=int, default=5)
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("doctor.py: run as root: ldd runs in a chroot")
    root = arguments.root.resolve()
    every = files(root)
    script = 'for file; do ldd -r "$file"; done >/dev/null 2>&1'
    seconds = {"decant doctor": [], "ldd -r, each file": []}
    if shutil.which("libtree"):
        seconds["libtree, each file"] = []
    peak = 0
    for block in range(arguments.blocks + 1):
        took = {}
        took["decant doctor"], result = timed(["/usr/bin/time", "-f", "%M", DECANT, "doctor", f"rootfs:{root}"])
        peak = max(peak, int(result.stderr.split()[-1]))
        took["ldd -r, each file"], _ = timed(["chroot", root, "/bin/bash", "-c", script, "bash", *every])
        if "libtree, each file" in seconds:
            took["libtree, each file"], _ = timed(["sh", "-c", 'for file; do libtree "$file"; done', "sh", *(str(root) + path for path in every)])
        # The first fills the page cache.
        for name, value in took.items() if block else ():
            seconds[name].append(value)
    ours = statistics.median(seconds["decant doctor"])
    print(f"{root}: {len(every)} dynamic ELF files, {arguments.blocks} blocks\n{'':<24}{'median s':>10}{'ratio':>9}")
    for name, values in seconds.items():
        print(f"{name:<24}{statistics.median(values):10.2f}{statistics.median(values) / ours:9.1f}")
    print(f"peak memory of decant: {peak / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
