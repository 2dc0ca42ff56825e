#!/usr/bin/env python3
"""Breaks healthy roots at random and compares: does doctor say of a command what running it in a chroot shows, and does what it prescribes work?

    sudo benchmarks/doctor/mutations.py ROOT --other ROOT [--count N] [--seed N]

A function that is looked up at its first call may never be called: there doctor warns only. Where the command then ends at just that function, it was told, but
as a possibility; the two figures stand side by side.
"""

import argparse
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

DECANT = Path(__file__).resolve().parents[2] / "out/decant"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
COMMANDS = [
    ["/bin/ls", "/"], ["grep", "--version"], ["sed", "--version"], ["tar", "--version"], ["perl", "-e", "print 1"], ["perl", "-v"], ["gzip", "--version"],
    ["dpkg", "--version"], ["apt-get", "--version"], ["python3", "--version"], ["bash", "-c", "true"], ["ompi_info", "--version"], ["mpirun", "--version"],
    ["ps", "--version"], ["find", "/etc/hostname"], ["xzcat", "--version"], ["gpgv", "--version"], ["openssl", "version"], ["sh", "-c", "ls"], ["env", "A=b", "cat", "/etc/passwd"],
    ["timeout", "5", "sort", "/etc/passwd"], ["gcc", "--version"], ["ld", "--version"], ["zcat", "/dev/null"], ["tempfile-not-there"], ["ldd", "/bin/ls"],
]


def run(command, **options):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **options)


class Root:
    """A copy of a root that costs only what is changed in it."""

    def __init__(self, lower):
        self.work = Path(tempfile.mkdtemp(prefix="decant-mutation-"))
        run(["mount", "-t", "tmpfs", "none", self.work], check=True)
        for name in ("upper", "work", "root"):
            (self.work / name).mkdir()
        self.path = self.work / "root"
        run(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={self.work}/upper,workdir={self.work}/work", self.path], check=True)
        run(["mount", "-t", "proc", "proc", self.path / "proc"], check=True)
        run(["mount", "--bind", "/dev", self.path / "dev"], check=True)
        self.environment = {}

    def close(self):
        for place in ("root/dev", "root/proc", "root"):
            run(["umount", "-l", self.work / place])
        run(["umount", "-l", self.work])
        self.work.rmdir()

    def real(self, command, extra=None):
        environment = {"PATH": PATH, "HOME": "/root", "LC_ALL": "C", **self.environment, **(extra or {})}
        def enter():
            os.chroot(self.path)
            os.chdir("/")

        try:
            return run(command, timeout=20, preexec_fn=enter, env={name: value for name, value in environment.items() if value is not None})
        except OSError as failure:
            return subprocess.CompletedProcess(command, 127, "", os.strerror(failure.errno))

    def doctor(self, command):
        options = [word for name, value in self.environment.items() for word in ("-e", f"{name}={value}")]
        result = run([DECANT, "doctor", "--json", "-e", "LC_ALL=C", *options, f"rootfs:{self.path}", "--", *command], timeout=60)
        if result.returncode not in (0, 1):
            raise RuntimeError(f"doctor: {result.returncode} {result.stderr}")
        return json.loads(result.stdout)

    def resolve(self, path):
        """The file on the host behind a path of the root, links followed inside it."""
        at, rest, links = [], [part for part in path.split("/") if part], 0
        while rest:
            part = rest.pop(0)
            if part == "..":
                at = at[:-1]
                continue
            here = self.path.joinpath(*at, part)
            if here.is_symlink() and links < 40:
                links += 1
                target = os.readlink(here)
                rest = [piece for piece in target.split("/") if piece and piece != "."] + rest
                if target.startswith("/"):
                    at = []
            else:
                at.append(part)
        return self.path.joinpath(*at)


def libraries(root, command):
    """What the command's program binds, by the loader's own word."""
    name = command[0]
    places = [name] if "/" in name else [f"{directory}/{name}" for directory in PATH.split(":")]
    program = next((place for place in places if root.resolve(place).is_file()), None)
    if program is None:
        return None, []
    traced = root.real([program], {"LD_TRACE_LOADED_OBJECTS": "1"}) if root.resolve(program).read_bytes()[:4] == b"\x7fELF" else None
    found = [line.split("=>")[1].split("(")[0].strip() for line in traced.stdout.splitlines() if "=> /" in line] if traced else []
    return program, found


def hash_of(name):
    value = 0
    for byte in name:
        value = (value << 4) + byte
        value ^= (value & 0xF0000000) >> 24
        value &= 0x0FFFFFFF
    return value


def sections(data):
    """Name to (offset, size, link) of a 64-bit little-endian ELF file."""
    offset, = struct.unpack_from("<Q", data, 40)
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
    table = headers[names][4]
    return {data[table + header[0]:data.index(b"\0", table + header[0])].decode(): header for header in headers}


def break_version(data, chance):
    """A version that a library wants becomes one that nobody defines."""
    found = sections(data)
    if ".gnu.version_r" not in found:
        return False
    need, strings = found[".gnu.version_r"][4], found[".dynstr"][4]
    wanted = []
    at = need
    while True:
        _, count, _, aux, following = struct.unpack_from("<HHIII", data, at)
        entry = at + aux
        for _ in range(count):
            _, flags, _, name, forward = struct.unpack_from("<IHHII", data, entry)
            wanted.append((entry, name))
            entry += forward
        if not following:
            break
        at += following
    entry, name = chance.choice(wanted)
    start = strings + name
    end = data.index(b"\0", start)
    if end - start < 5:
        return False
    data[end - 1] = ord("9") if data[end - 1] != ord("9") else ord("8")
    data[start] = ord("X")
    struct.pack_into("<I", data, entry, hash_of(bytes(data[start:end])))
    return True


def break_symbol(data, chance):
    """A function or variable that a library exports gets another name."""
    found = sections(data)
    symbols, strings = found[".dynsym"], found[".dynstr"][4]
    exported = []
    for at in range(symbols[4], symbols[4] + symbols[5], 24):
        name, info, _, section, _, _ = struct.unpack_from("<IBBHQQ", data, at)
        if section and name and info >> 4 in (1, 2):
            exported.append(name)
    if not exported:
        return False
    start = strings + chance.choice(exported)
    data[start] = ord("Q")
    return True


def edit(path, change, chance):
    data = bytearray(path.read_bytes())
    if data[:6] != b"\x7fELF\x02\x01" or not change(data, chance):
        return False
    mode = path.stat().st_mode
    path.unlink()
    path.write_bytes(data)
    path.chmod(mode)
    return True


def mutate(root, command, chance, other):
    """Breaks something of what the command needs; a word for what, or None where that does not go."""
    program, bound = libraries(root, command)
    if program is None:
        return "nothing: there is no such program"
    target = root.resolve(program)
    kinds = ["remove", "empty", "text", "swap", "architecture", "version", "symbol", "move", "link", "mixed path", "cache"] if bound else []
    kind = chance.choice(kinds * 2 + ["program gone", "program closed", "program version", "interpreter"])
    if kind == "program gone":
        target.unlink()
        return f"{kind}: {program}"
    if kind == "program closed":
        target.chmod(0o644)
        return f"{kind}: {program}"
    if kind == "program version":
        return f"{kind}: {program}" if edit(target, break_version, chance) else None
    if kind == "interpreter":
        first = target.read_bytes()[:2]
        if first == b"#!":
            lines = target.read_text(errors="surrogateescape").split("\n")
            lines[0] = "#!/usr/bin/not-there"
            target.write_text("\n".join(lines), errors="surrogateescape")
        else:
            data = target.read_bytes()
            if b"/lib64/ld-linux" not in data:
                return None
            target.unlink()
            target.write_bytes(data.replace(b"/lib64/ld-linux", b"/lib65/ld-linux", 1))
            target.chmod(0o755)
        return f"{kind}: {program}"
    if kind == "cache":
        (root.path / "etc/ld.so.cache").unlink(missing_ok=True)
        return kind
    name = chance.choice(bound)
    library = root.resolve(name)
    if kind == "remove":
        library.unlink()
    elif kind == "empty":
        library.write_bytes(b"")
    elif kind == "text":
        library.write_text("/* GNU ld script */\n")
    elif kind == "swap":
        source = root.resolve(chance.choice(bound))
        if source == library:
            return None
        data = source.read_bytes()
        library.unlink()
        library.write_bytes(data)
    elif kind == "architecture":
        library.unlink()
        shutil.copyfile("/usr/aarch64-linux-gnu/lib/libc.so.6", library)
    elif kind == "version":
        if not edit(library, break_version, chance):
            return None
    elif kind == "symbol":
        if not edit(library, break_symbol, chance):
            return None
    elif kind == "move":
        place = root.path / "opt/moved/lib"
        place.mkdir(parents=True, exist_ok=True)
        shutil.move(library, place / Path(name).name)
    elif kind == "link":
        link = root.path / name.lstrip("/")
        link = link if link.is_symlink() else None
        if link is None:
            return None
        link.unlink()
        link.symlink_to("not-there.so")
    elif kind == "mixed path":
        place = root.path / "host/lib"
        place.mkdir(parents=True, exist_ok=True)
        for taken in chance.sample(bound, min(len(bound), 3)):
            source = other / taken.lstrip("/")
            source = source if source.is_file() else other / "usr" / taken.lstrip("/")
            if source.is_file():
                shutil.copyfile(source, place / Path(taken).name)
        root.environment["LD_LIBRARY_PATH"] = "/host/lib"
    return f"{kind}: {name}"


LOADER = ("error while loading shared libraries", "symbol lookup error", "version `", "undefined symbol", "No such file or directory", "Permission denied", "Exec format error", "cannot execute")


def fails(result):
    """By itself, not by what it was asked to do."""
    return result.returncode in (126, 127) or result.returncode < 0 or (result.returncode != 0 and any(words in result.stderr for words in LOADER))


def told_as_possible(report, result):
    """Whether the command ended at a function of which doctor said that it ends there if it calls it: the same library, the same function."""
    ended = re.search(r"symbol lookup error: (\S+): undefined symbol: ([^,\s]+)", result.stderr)
    if ended is None:
        return False
    wanted = re.compile(rf"(\S*/)?{re.escape(Path(ended[1]).name)} wants {re.escape(ended[2])}(@\S+)? when it calls it")
    return any(
        finding["id"] == "symbol-missing-when-called" and any(wanted.fullmatch(line) for line in finding["evidence"])
        for finding in report["findings"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--other", type=Path, required=True, help="a root of another release, whose libraries are mixed in")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("mutations.py: run as root: it mounts overlays and enters them")
    chance = random.Random(arguments.seed)
    agreed, possible, alarms, broken, prescribed, worked, moved, mended, done = 0, 0, 0, 0, 0, 0, 0, 0, 0
    while done < arguments.count:
        root = Root(arguments.root.resolve())
        try:
            command = chance.choice(COMMANDS)
            healthy = root.real(command)
            what = mutate(root, command, chance, arguments.other.resolve())
            if what is None or (fails(healthy) and not what.startswith("nothing")):
                continue
            done += 1
            result = root.real(command)
            truth = fails(result)
            report = root.doctor(command)
            told = not report["healthy"]
            broken += truth
            if truth == told:
                agreed += 1
            else:
                seen = report["findings"][0]["cause"] if told else "healthy"
                alarms += told
                if told_as_possible(report, result):
                    possible += 1
                    seen = f"possible: {report['findings'][0]['cause']}"
                print(f"{' '.join(command)}: {what}\n  real: {result.returncode} {result.stderr.strip()[:300]}\n  doctor: {seen}", flush=True)
            moved += truth and what.startswith("move")
            if truth and told and report.get("prescription"):
                prescribed += 1
                after = root.real(command, {change["name"]: change.get("value") for change in report["prescription"]})
                if fails(after):
                    print(f"{' '.join(command)}: {what}\n  prescribed {report['prescription']}\n  and still: {after.stderr.strip()[:300]}", flush=True)
                else:
                    worked += 1
                    mended += what.startswith("move")
        finally:
            root.close()
    print(f"{done} mutations, {broken} of them break the command; doctor and execution agree on {agreed} ({agreed / done:.1%})")
    print(f"with the {possible} that doctor told as a possibility: {agreed + possible} ({(agreed + possible) / done:.1%}); told and not so: {alarms}; not told: {done - agreed - possible - alarms}")
    print(f"prescriptions: {prescribed}, of which {worked} work; of {moved} libraries that were only moved, {mended} were found")
    return 0 if agreed >= 0.99 * done and worked == prescribed else 1


if __name__ == "__main__":
    sys.exit(main())
