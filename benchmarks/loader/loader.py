#!/usr/bin/env python3
"""What decant ldd says about every dynamic ELF file of a root, beside what the root's own loader says, and how long both take."""

import argparse
import concurrent.futures
import json
import os
import re
import struct
import subprocess
import sys
import time
from pathlib import Path

DECANT = Path(__file__).resolve().parents[2] / "out/decant"
MACHINES = {62: "/lib64/ld-linux-x86-64.so.2", 183: "/lib/ld-linux-aarch64.so.1"}
TRACE = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_WARN": "yes", "LD_BIND_NOW": "yes", "LC_ALL": "C", "PATH": "/usr/bin:/bin"}
UNDEFINED = re.compile(r"undefined symbol: (\S+?)(?:, version (\S+))?\s+\((.*)\)$")
VERSION = re.compile(r".*version `(.*)' not found \(required by (.*)\)$")
LIBRARY = re.compile(r"(?:.* => )?(\S+) \(0x[0-9a-f]+\)$")


def elf_files(root):
    """Programs and shared objects below a root, as the root names them, with their machine."""
    found = {}
    for top in ("usr", "opt", "lib", "lib64", "bin", "sbin"):
        if (root / top).is_symlink():
            continue
        for directory, _, names in os.walk(root / top):
            for name in names:
                path = os.path.join(directory, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                try:
                    with open(path, "rb") as file:
                        header = file.read(64)
                except OSError:
                    continue
                if len(header) == 64 and header[:6] == b"\x7fELF\x02\x01":
                    kind, machine = struct.unpack_from("<HH", header, 16)
                    if kind in (2, 3) and machine in MACHINES and "/ld-linux-" not in path:
                        found["/" + os.path.relpath(path, root)] = machine
    return found


class Truth:
    """A root's own loader, run in it."""

    def __init__(self, root):
        self.root = root

    def run(self, words, environment=None):
        """In the root, from its own / on: a program that does it would be traced itself."""
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, env=environment or {}, preexec_fn=self.enter)

    def enter(self):
        os.chroot(self.root)
        os.chdir("/")

    def of(self, path, machine):
        """Libraries, undefined symbols, missing versions, and lines that are none of these; None for a file that the loader does not take."""
        loader = MACHINES[machine]
        if self.run([loader, "--verify", path]).returncode not in (0, 2):
            return None
        done = self.run([loader, path], TRACE)
        libraries, undefined, versions, rest = set(), set(), set(), []
        for line in (done.stdout + done.stderr).decode("utf8", "replace").split("\n"):
            line = line.strip()
            if match := UNDEFINED.match(line):
                undefined.add((match[1], match[2] or "", match[3]))
            elif match := VERSION.match(line):
                versions.add((match[1], match[2]))
            elif line.endswith(" => not found"):
                libraries.add(line[:-len(" => not found")] + " missing")
            elif match := LIBRARY.match(line):
                if not line.startswith("linux-vdso"):
                    libraries.add(match[1])
            elif line and line != "statically linked":
                rest.append(line)
        return libraries, undefined, versions, rest


def predicted(root, paths):
    """The same by decant, and the seconds that it took."""
    answers = {}
    began = time.monotonic()
    for start in range(0, len(paths), 2000):
        part = paths[start:start + 2000]
        done = subprocess.run([DECANT, "ldd", "--json", "--symbols", f"rootfs:{root}", *part], capture_output=True)
        if done.returncode not in (0, 1):
            sys.exit(f"loader.py: {done.stderr.decode()}")
        answers.update(zip(part, json.loads(done.stdout)["programs"]))
    return answers, time.monotonic() - began


def differences(real, ours, loader):
    libraries, undefined, versions, rest = real
    names = {entry["path"] if "path" in entry else entry["name"] + " missing" for entry in ours["libraries"] if not entry.get("optional")}
    # The loader itself has no line where nothing names it, and another path where it was started by hand.
    names, libraries = ({name for name in some if not name.startswith(loader)} for some in (names, libraries))
    symbols = {(entry["name"], entry.get("version", ""), entry["requiredBy"]) for entry in ours.get("undefinedSymbols", [])}
    if any(name.endswith(" missing") for name in libraries):
        # Of a library that is missing, the tracing loader does not know the versions that are wanted of it.
        symbols, undefined = ({(name, "", file) for name, _, file in some} for some in (symbols, undefined))
    missing = {(entry["version"], entry["requiredBy"]) for entry in ours.get("missingVersions", [])}
    for what, truth, said in (("libraries", libraries, names), ("undefined symbols", undefined, symbols), ("versions", versions, missing)):
        if truth != said:
            yield f"{what}: only the loader {sorted(truth - said)[:4]}, only decant {sorted(said - truth)[:4]}"
    if rest:
        yield f"the loader also says {rest[:2]}"


def compare(root):
    files = elf_files(root)
    truth = Truth(root)
    real = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, answer in zip(files, pool.map(truth.of, files, files.values())):
            if answer is not None:
                real[path] = answer
    ours, seconds = predicted(root, list(real))
    wrong = 0
    for path, answer in real.items():
        found = list(differences(answer, ours[path], MACHINES[files[path]]))
        wrong += bool(found)
        for line in found if wrong <= 20 else []:
            print(f"  {path}: {line}")
    print(f"{root}: {len(real)} files, {sum(bool(a[1]) for a in real.values())} of them with undefined symbols, "
          f"{sum(any(n.endswith(' missing') for n in a[0]) for a in real.values())} with missing libraries; {len(real) - wrong} the same, {wrong} not; "
          f"decant {seconds:.2f} s", flush=True)
    return wrong, list(real), seconds


def speed(root, paths, blocks):
    """One after another, as a person would: the loader's own trace (ldd -r), libtree where there is one, and decant."""
    truth = Truth(root)
    paths = paths[:1100]
    print(f"{len(paths)} files of {root}: seconds for all, {blocks} blocks")
    times = {"the loader's trace": [], "decant": []}
    for _ in range(blocks):
        began = time.monotonic()
        for path in paths:
            truth.run([MACHINES[62], path], TRACE)
        times["the loader's trace"].append(time.monotonic() - began)
        times["decant"].append(predicted(root, paths)[1])
    for name, seconds in times.items():
        print(f"  {name:<20} {sorted(seconds)[len(seconds) // 2]:7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="*", type=Path, default=[Path("/")], help="directories; the host itself where none is given")
    parser.add_argument("--speed", type=int, metavar="BLOCKS", help="also time both, for the first root")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("loader.py: run as root: a root's own loader is run in it")
    results = [compare(root) for root in arguments.roots]
    if arguments.speed:
        speed(arguments.roots[0], results[0][1], arguments.speed)
    sys.exit(any(wrong for wrong, _, _ in results))


if __name__ == "__main__":
    main()
