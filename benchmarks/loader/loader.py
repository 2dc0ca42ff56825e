#!/usr/bin/env python3
"""What decant ldd says about every dynamic ELF file of a root, beside what the root's own loader says, and how long both take."""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

DECANT = Path(__file__).resolve().parents[2] / "out/decant"
# By class and machine: glibc's loader, then musl's.
LOADERS = {
    (2, 62): ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"),
    (1, 3): ("/lib/ld-linux.so.2", "/lib/ld-musl-i386.so.1"),
    (2, 183): ("/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"),
}
PLAIN = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
TRACE = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_WARN": "yes", "LD_BIND_NOW": "yes"}
LIBRARY = re.compile(r"(?:(\S+) => )?(\S+) \(0x[0-9a-f]+\)$")
UNDEFINED = re.compile(r"undefined symbol: (\S+?)(?:, version (\S+))?\s+\((.*)\)$")
VERSION = re.compile(r".*version `(.*)' not found \(required by (.*)\)$")
MUSL_MISSING = re.compile(r"Error loading shared library (\S+): No such file or directory \(needed by .*\)$")
MUSL_UNDEFINED = re.compile(r"Error relocating (.*): (\S+): symbol not found$")
MISSING = "not found"

# libraries: (name, path or MISSING); undefined: (symbol, version, file); versions: (version, file); rest: lines that are none of these.
Answer = collections.namedtuple("Answer", "libraries undefined versions rest")


def followed(root, path):
    """A file of the root, as the host names it, behind links that may be absolute in the root."""
    while os.path.islink(f"{root}{path}"):
        path = os.path.join(os.path.dirname(path), os.readlink(f"{root}{path}"))
    return f"{root}{path}"


def loader_of(root, path):
    """The loader that a file of a root is for; None for what is no dynamic program or library, and for a program whose loader the root lacks."""
    with open(path, "rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:4] != b"\x7fELF" or head[5] != 1:
            return None
        kind, machine = struct.unpack_from("<HH", head, 16)
        known = LOADERS.get((head[4], machine))
        if kind not in (2, 3) or known is None:
            return None
        content = head + file.read()
    here = [loader for loader in known if os.path.exists(followed(root, loader))]
    if (own := interpreter(content)) is not None:
        return own if own in here else None
    # Where a root has both, a library is musl's that needs musl's libc.
    return here[-1 if b"\0libc.so\0" in content else 0] if here else None


def interpreter(content):
    """PT_INTERP of a file."""
    wide = content[4] == 2
    table, = struct.unpack_from("<Q" if wide else "<I", content, 32 if wide else 28)
    size, count = struct.unpack_from("<HH", content, 54 if wide else 42)
    for at in range(table, table + size * count, size):
        if struct.unpack_from("<I", content, at)[0] == 3:
            offset, = struct.unpack_from("<Q" if wide else "<I", content, at + (8 if wide else 4))
            return content[offset:content.index(b"\0", offset)].decode("utf8", "replace")
    return None


def elf_files(root):
    """Programs and shared objects below a root, as the root names them, each with its loader."""
    found = {}
    for top in ("usr", "opt", "lib", "lib64", "bin", "sbin"):
        if (root / top).is_symlink():
            continue
        for directory, _, names in os.walk(root / top):
            for name in names:
                path = os.path.join(directory, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                loader = loader_of(root, path)
                if loader and not os.path.samefile(path, followed(root, loader)):
                    found["/" + os.path.relpath(path, root)] = loader
    return found


class Truth:
    """A root's own loader, run in it; for another machine's by an emulator, which the root need not have."""

    def __init__(self, root, emulator):
        self.root = root
        self.emulator = os.open(emulator, os.O_RDONLY) if emulator else None

    def run(self, words, environment):
        """In the root, from its own / on: a program that does it would be traced itself."""
        def enter():
            os.chroot(self.root)
            os.chdir("/")
            if self.emulator is not None:
                # By its descriptor, as the root has no such file; what it emulates gets the variables, and not itself.
                variables = [word for name, value in environment.items() for word in ("-E", f"{name}={value}")]
                os.execve(self.emulator, ["emulator", *variables, *words], {})
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, env=environment, preexec_fn=enter)

    def of(self, path, loader):
        """What the loader says; None for a file that it does not take."""
        if "musl" in loader:
            done = self.run([loader, "--list", path], PLAIN)
            if b"Not a valid dynamic program" in done.stderr:
                return None
        else:
            if self.run([loader, "--verify", path], PLAIN).returncode not in (0, 2):
                return None
            done = self.run([loader, path], PLAIN | TRACE)
        answer = Answer(set(), set(), set(), [])
        for line in (done.stdout + done.stderr).decode("utf8", "replace").split("\n"):
            self.add(line.strip(), answer)
        if done.returncode < 0:
            answer.rest.append(f"ended by signal {-done.returncode}")
        return answer

    @staticmethod
    def add(line, answer):
        if match := UNDEFINED.match(line):
            answer.undefined.add((match[1], match[2] or "", match[3]))
        elif match := MUSL_UNDEFINED.match(line):
            answer.undefined.add((match[2], "", match[1]))
        elif match := VERSION.match(line):
            answer.versions.add((match[1], match[2]))
        elif line.endswith(" => not found"):
            answer.libraries.add((line[:-len(" => not found")], MISSING))
        elif match := MUSL_MISSING.match(line):
            answer.libraries.add((match[1], MISSING))
        elif match := LIBRARY.match(line):
            if not match[2].startswith("linux-") and match[1] != "linux-vdso.so.1":
                answer.libraries.add((match[1] or match[2], match[2]))
        elif line and line != "statically linked":
            answer.rest.append(line)


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
    libraries = {}
    for entry in ours["libraries"]:
        # A library that goes by two names is told by the first.
        if "path" in entry or not entry.get("optional"):
            libraries.setdefault(entry.get("path", entry["name"]), (entry["name"], entry.get("path", MISSING)))
    said = Answer(
        set(libraries.values()),
        {(entry["name"], entry.get("version", ""), entry["requiredBy"]) for entry in ours.get("undefinedSymbols", [])},
        {(entry["version"], entry["requiredBy"]) for entry in ours.get("missingVersions", [])},
        [])
    # The loader itself has no line where nothing names it, and another path where it was started by hand.
    said, real = (some._replace(libraries={pair for pair in some.libraries if not pair[1].startswith(loader)}) for some in (said, real))
    if "musl" in loader or any(path == MISSING for _, path in real.libraries):
        # musl knows no versions. Of a library that is missing, glibc's tracing loader does not know those that are wanted of it.
        said, real = (some._replace(undefined={(name, "", file) for name, _, file in some.undefined}) for some in (said, real))
    for what in ("libraries", "undefined", "versions"):
        truth, claim = getattr(real, what), getattr(said, what)
        if truth != claim:
            yield f"{what}: only the loader {sorted(truth - claim)[:4]}, only decant {sorted(claim - truth)[:4]}"
    if real.rest:
        yield f"the loader also says {real.rest[:2]}"


def compare(root, emulator, shown):
    files = elf_files(root)
    truth = Truth(root, emulator)
    real = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, answer in zip(files, pool.map(truth.of, files, files.values())):
            if answer is not None:
                real[path] = answer
    ours, seconds = predicted(root, list(real))
    wrong = 0
    for path, answer in real.items():
        found = list(differences(answer, ours[path], files[path]))
        wrong += bool(found)
        for line in found if wrong <= shown else []:
            print(f"  {path}: {line}")
    answers = real.values()
    print(f"{root}: {len(real)} files, {sum(len(a.libraries) for a in answers)} libraries bound, "
          f"{sum(path == MISSING for a in answers for _, path in a.libraries)} of them missing (for {sum(any(p == MISSING for _, p in a.libraries) for a in answers)} files), "
          f"{sum(len(a.undefined) for a in answers)} symbols undefined (for {sum(bool(a.undefined) for a in answers)} files), "
          f"{sum(len(a.versions) for a in answers)} versions missing; {len(real) - wrong} files the same, {wrong} not; decant {seconds:.2f} s", flush=True)
    return wrong, list(real), seconds


def speed(root, paths, blocks):
    """One after another, as a person would: the loader's own trace (ldd -r), and decant."""
    truth = Truth(root, None)
    paths = paths[:1100]
    files = elf_files(root)
    print(f"{len(paths)} files of {root}: seconds for all, {blocks} blocks")
    times = {"the loader's trace": [], "decant": []}
    for _ in range(blocks):
        began = time.monotonic()
        for path in paths:
            truth.run([files[path], path], PLAIN | TRACE)
        times["the loader's trace"].append(time.monotonic() - began)
        times["decant"].append(predicted(root, paths)[1])
    for name, seconds in times.items():
        print(f"  {name:<20} {sorted(seconds)[len(seconds) // 2]:7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="*", type=Path, default=[Path("/")], help="directories; the host itself where none is given")
    parser.add_argument("--qemu", metavar="PROGRAM", help="a static emulator for roots of another machine, such as qemu-aarch64-static")
    parser.add_argument("--show", type=int, default=20, metavar="FILES", help="how many files that differ are told")
    parser.add_argument("--speed", type=int, metavar="BLOCKS", help="also time both, for the first root")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("loader.py: run as root: a root's own loader is run in it")
    emulator = arguments.qemu and shutil.which(arguments.qemu)
    if arguments.qemu and not emulator:
        sys.exit(f"loader.py: {arguments.qemu} is not on PATH")
    results = [compare(root, emulator, arguments.show) for root in arguments.roots]
    if arguments.speed:
        speed(arguments.roots[0], results[0][1], arguments.speed)
    sys.exit(any(wrong for wrong, _, _ in results))


if __name__ == "__main__":
    main()
