#!/usr/bin/env python3
"""What examining a whole image takes: decant doctor against ldd -r of each dynamic ELF file, in one run.

    sudo benchmarks/doctor/doctor.py ROOT [--blocks N] [--curve]

ldd runs inside the root, as it does nothing for another; libtree, where it is installed, is given each file too, and looks at names only.
--curve shows instead how the time grows with the root: its parts are of 1/8, 1/4 and 1/2 of the files, with all libraries that they need,
made of hard links beside the root.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
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


def doctor(root):
    """Seconds on the clock and of all processors, and the peak memory in kB."""
    took, result = timed(["/usr/bin/time", "-f", "%U %S %M", DECANT, "doctor", f"rootfs:{root}"])
    user, system, peak = result.stderr.split()[-3:]
    return took, float(user) + float(system), int(peak)


def everything(root):
    """All files and links below a root, as it names them."""
    for directory, names, entries in os.walk(root):
        for name in [*entries, *(name for name in names if Path(directory, name).is_symlink())]:
            yield "/" + str(Path(directory, name).relative_to(root))


def followed(root, path, links=40):
    """A path of the root without links, which may be absolute in the root."""
    here = ""
    parts = path.strip("/").split("/")
    for i, part in enumerate(parts):
        here = os.path.normpath(f"{here}/{part}")
        if os.path.islink(f"{root}{here}") and links > 0:
            target = os.path.join(os.path.dirname(here), os.readlink(f"{root}{here}"))
            return followed(root, "/".join([target, *parts[i + 1:]]), links - 1)
    return here


def part(root, share, whole, elf, target):
    """A root of so many of the files, always the same ones, and all libraries that they need."""
    chosen = {path for path in whole if zlib.crc32(path.encode("utf8", "replace")) < share * 2**32}
    wanted = sorted(elf & chosen)
    for start in range(0, len(wanted), 2000):
        done = subprocess.run([DECANT, "ldd", "--json", f"rootfs:{root}", *wanted[start:start + 2000]], capture_output=True)
        for program in json.loads(done.stdout)["programs"]:
            chosen.update(followed(root, library["path"]) for library in program["libraries"] if "path" in library)
    for path in whole:
        source, copy = f"{root}{path}", f"{target}{path}"
        if os.path.islink(source) or path in chosen:
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if os.path.islink(source):
                os.symlink(os.readlink(source), copy)
            elif os.path.isfile(source):
                os.link(source, copy)


def curve(root, blocks):
    whole = list(everything(root))
    elf = set(files(root))
    print(f"{root}, medians of {blocks}\n{'files':>8}{'ELF files':>11}{'seconds':>9}{'CPU seconds':>13}{'peak MB':>9}{'s per 1000 files':>18}")
    for share in (1 / 8, 1 / 4, 1 / 2, 1):
        with tempfile.TemporaryDirectory(dir=root.parent) as directory:
            target = root
            if share < 1:
                target = Path(directory)
                part(root, share, whole, elf, target)
            count, elves = sum(1 for _ in everything(target)), len(files(target))
            # The first fills the page cache.
            runs = [doctor(target) for _ in range(blocks + 1)][1:]
            seconds, used, peak = (statistics.median(column) for column in zip(*runs))
            print(f"{count:8}{elves:11}{seconds:9.2f}{used:13.2f}{peak / 1e3:9.0f}{seconds / count * 1e3:18.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--curve", action="store_true")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("doctor.py: run as root: ldd runs in a chroot")
    root = arguments.root.resolve()
    if arguments.curve:
        curve(root, arguments.blocks)
        return
    every = files(root)
    script = 'for file; do ldd -r "$file"; done >/dev/null 2>&1'
    seconds = {"decant doctor": [], "ldd -r, each file": []}
    if shutil.which("libtree"):
        seconds["libtree, each file"] = []
    else:
        print("libtree is not installed, and left out")
    peak = 0
    for block in range(arguments.blocks + 1):
        took = {}
        took["decant doctor"], _, memory = doctor(root)
        peak = max(peak, memory)
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
