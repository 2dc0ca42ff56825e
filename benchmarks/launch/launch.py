#!/usr/bin/env python3
"""Times one launch of /bin/true under decant and its peers; README.md says how and why."""

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DECANT = CHECKOUT / "out/decant"
IMAGES = CHECKOUT / "tests/Decant.EndToEnd.Tests/Images"
USER = 61234
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ETC = ["/etc/resolv.conf", "/etc/hosts"]


@dataclass
class Contender:
    name: str
    command: list
    user: int = 0
    slow: bool = False
    environment: dict = field(default_factory=dict)
    milliseconds: list = field(default_factory=list)

    def argv(self):
        return list(map(str, self.command))

    def env(self):
        return {"PATH": PATH, "HOME": "/nonexistent", "USER": "user" if self.user else "root", **self.environment}

    def launch(self):
        elapsed, status = Launchpad.of(self.user).launch(self.argv(), self.env())
        if status != 0:
            prefix = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--"]
            shown = subprocess.run([*prefix, *self.argv()], env=self.env(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
            sys.exit(f"{self.name}: status {status}\n$ {' '.join(self.argv())}\n{shown.stderr}")
        return elapsed

    def median(self):
        return statistics.median(self.milliseconds)

    def line(self, reference):
        low, _, high = statistics.quantiles(self.milliseconds, n=4)
        ratio = f"{self.median() / reference:7.2f}" if reference else "      -"
        return f"  {self.name:<34}{self.median():9.2f}{low:9.2f}{high:9.2f}{ratio}{len(self.milliseconds):7d}"


class Launchpad:
    """A process that has become a user once, so that becoming him is no part of what is timed."""

    launchpads = {}

    @classmethod
    def of(cls, user):
        if user not in cls.launchpads:
            cls.launchpads[user] = cls(user)
        return cls.launchpads[user]

    def __init__(self, user):
        self.near, far = multiprocessing.Pipe()
        if os.fork() == 0:
            self.near.close()
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            # A process that changed its user belongs to root in /proc until it says otherwise, and its children too.
            ctypes.CDLL(None).prctl(4, 1)
            try:
                while True:
                    far.send(self.time(*far.recv()))
            except EOFError:
                os._exit(0)
        far.close()

    def launch(self, argv, environment):
        self.near.send((argv, environment))
        return self.near.recv()

    @staticmethod
    def time(argv, environment):
        start = time.monotonic_ns()
        pid = os.posix_spawn(argv[0], argv, environment, file_actions=QUIET)
        status = os.waitpid(pid, 0)[1]
        return (time.monotonic_ns() - start) / 1e6, status


QUIET = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
         (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]


def measure(contenders, blocks):
    for contender in contenders:
        for _ in range(3):
            contender.launch()
    for block in range(blocks):
        turn = [c for c in contenders if not c.slow or block % 5 == 0]
        random.shuffle(turn)
        for contender in turn:
            contender.milliseconds.append(contender.launch())


def table(title, contenders, reference):
    print(f"\n{title}\n  {'':<34}{'median':>9}{'25 %':>9}{'75 %':>9}{'ratio':>7}{'n':>7}")
    for contender in contenders:
        print(contender.line(reference.median() if reference else None))


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options).stdout


class Place:
    """Scratch files: the root filesystem as a directory, stores for both users, a runc bundle."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="decant-launch-", dir="/var/tmp"))
        self.directory.chmod(0o755)
        self.images = Path(run([IMAGES / "make-images.sh"]).strip())
        self.root = self.directory / "root"
        self.root.mkdir(mode=0o755)
        run(["tar", "-xf", self.images / "bookworm.export.tar", "-C", self.root])
        for path in ETC:
            target = self.root / path[1:]
            target.unlink(missing_ok=True)
            target.touch()
        self.user = self.directory / "user"
        self.user.mkdir()
        os.chown(self.user, USER, USER)

    def store(self, user, name="store"):
        path = (self.user if user else self.directory) / name
        if not path.exists():
            path.mkdir()
            os.chown(path, user, user)
        return {"DECANT_ROOT": str(path)}

    def pull(self, user, source, name, store="store"):
        command = Contender("decant pull", [DECANT, "pull", source, name], user, environment=self.store(user, store))
        command.launch()

    def bundle(self):
        bundle = self.directory / "bundle"
        bundle.mkdir()
        run(["runc", "spec"], cwd=bundle)
        config = json.loads((bundle / "config.json").read_text())
        config["process"].update(terminal=False, args=["/bin/true"])
        config["process"].pop("rlimits", None)
        config["root"] = {"path": str(self.root), "readonly": False}
        config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] == "mount"]
        config["mounts"] = [{"destination": d, "type": "none", "source": d, "options": ["rbind"]} for d in ("/proc", "/dev", "/sys")]
        config["mounts"] += [{"destination": path, "type": "bind", "source": path, "options": ["bind", "ro"]} for path in ETC]
        config.pop("hostname", None)
        config["linux"].pop("maskedPaths", None)
        config["linux"].pop("readonlyPaths", None)
        (bundle / "config.json").write_text(json.dumps(config))
        return bundle

    def close(self):
        shutil.rmtree(self.directory)


def bubblewrap(place, name, user, *options):
    binds = [word for path in ETC for word in ("--ro-bind", path, path)]
    command = ["/usr/bin/bwrap", "--bind", place.root, "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc", "--bind", "/sys", "/sys", *binds, *options, "/bin/true"]
    return Contender(name, command, user)


def peers(place, socket):
    ch_run = ["/usr/bin/ch-run", place.root, "--", "/bin/true"]
    scratch = place.directory / "scratch"
    scratch.mkdir()
    return [
        Contender("/bin/true alone, root", ["/bin/true"]),
        Contender("/bin/true alone, user", ["/bin/true"], USER),
        bubblewrap(place, "bubblewrap, root", 0),
        bubblewrap(place, "bubblewrap, user", USER),
        Contender("charliecloud, root", ch_run, environment={"TMPDIR": str(scratch)}),
        Contender("charliecloud, user", ch_run, USER, environment={"TMPDIR": str(place.user)}),
        Contender("runc, root", ["/usr/sbin/runc", "run", "--bundle", place.bundle(), "decant-launch"], slow=True),
        Contender("systemd-nspawn, root", ["/usr/bin/systemd-nspawn", "-q", "--register=no", "--keep-unit", "-D", place.root, "/bin/true"], slow=True),
        Contender("docker run, root", ["/usr/bin/docker", "-H", f"unix://{socket}", "run", "--rm", "bookworm", "/bin/true"], slow=True),
        Contender("docker run --network host, root", ["/usr/bin/docker", "-H", f"unix://{socket}", "run", "--rm", "--network", "host", "bookworm", "/bin/true"], slow=True),
    ]


def decant(place, name, user, image, *options, store="store"):
    return Contender(name, [DECANT, "run", *options, image, "/bin/true"], user, environment=place.store(user, store))


def peak(contender):
    """Peak resident memory in bytes: GNU time waits for its child and is itself smaller than what it measures."""
    with tempfile.NamedTemporaryFile("r") as out:
        os.chmod(out.name, 0o666)
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", out.name, *contender.argv()], user=contender.user, group=contender.user, extra_groups=[], env=contender.env(), check=True, stdin=subprocess.DEVNULL)
        return int(out.read()) * 1024


def curves(place, blocks):
    groups = []
    for user, who in ((0, "root"), (USER, "user")):
        place.pull(user, f"docker-archive:{place.images}/busybox.docker.tar", "busybox")
        place.pull(user, f"docker-archive:{place.images}/layers.docker.tar", "layers")
        place.pull(user, f"docker-archive:{place.images}/trixie.docker.tar", "trixie")
        for number in range(500):
            place.pull(user, f"docker-archive:{place.images}/busybox.docker.tar", f"image-{number}" if number else "busybox", "store-of-500")
        binds = [word for number in range(100) for word in ("-v", f"{place.root}/usr:/many/{number}:ro")]
        group = [
            decant(place, f"busybox, {who}", user, "busybox"),
            decant(place, f"4 layers, {who}", user, "layers"),
            decant(place, f"70 times the size, {who}", user, "trixie"),
            decant(place, f"500 images in the store, {who}", user, "busybox", store="store-of-500"),
            decant(place, f"100 binds, {who}", user, "busybox", *binds),
            bubblewrap(place, f"bubblewrap, {who}", user),
            bubblewrap(place, f"bubblewrap, 100 binds, {who}", user, "--tmpfs", "/srv", *(word for number in range(100) for word in ("--ro-bind", place.root / "usr", f"/srv/{number}"))),
        ]
        measure(group, blocks)
        table(f"decant as cost factors grow (ms), {who}", group, group[0])
        groups += group
    return groups


def verdict(name, value, limit):
    print(f"  {name:<50}{value:9.3f}   at most {limit:<7g} {'yes' if value <= limit else 'NO'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=50)
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("launch.py: run as root: it starts a dockerd and becomes an ordinary user")
    missing = [f"{program} ({package})" for program, package in {
        "bwrap": "bubblewrap", "ch-run": "charliecloud", "runc": "runc", "systemd-nspawn": "systemd-container", "time": "time"}.items() if not shutil.which(program)]
    if missing:
        sys.exit("launch.py: apt-get install what is missing: " + ", ".join(missing))

    place = Place()
    daemon = f"/run/decant-launch-{os.getpid()}"
    try:
        run([IMAGES / "dockerd.sh", "start", daemon, place.images / "docker", "bridged"])
        contenders = peers(place, f"{daemon}/socket")
        ours = []
        if DECANT.exists():
            for user, who in ((0, "root"), (USER, "user")):
                place.pull(user, f"docker-archive:{place.images}/bookworm.docker.tar", "bookworm")
                ours.append(decant(place, f"decant, {who}", user, "bookworm"))
        measure(ours + contenders, arguments.blocks)
        reference = {c.name: c.median() for c in ours + contenders}
        table("One launch of /bin/true in Debian bookworm (ms); ratio to bubblewrap as root", ours + contenders, next(c for c in contenders if c.name == "bubblewrap, root"))
        samples = ours + contenders
        if ours:
            root, user = ours
            print("\nAgainst the aims")
            verdict("decant / bubblewrap, root", root.median() / reference["bubblewrap, root"], 1.4)
            verdict("decant / bubblewrap, user", user.median() / reference["bubblewrap, user"], 1.4)
            verdict("decant / runc", root.median() / reference["runc, root"], 1 / 5)
            verdict("decant / docker run", root.median() / reference["docker run, root"], 1 / 40)
            print(f"  {'decant / docker run --network host':<50}{root.median() / reference['docker run --network host, root']:9.3f}")
            for contender in ours:
                verdict(f"peak memory, MB: {contender.name}", peak(contender) / 1e6, 12)
            verdict("binary, MB", DECANT.stat().st_size / 1e6, 10)
            samples += curves(place, arguments.blocks)
        if arguments.json:
            arguments.json.write_text(json.dumps({
                "schema": "decant-launch-benchmark/1", "kernel": os.uname().release, "machine": os.uname().machine, "cpus": os.cpu_count(),
                "milliseconds": {c.name: c.milliseconds for c in samples}}, indent=1))
    finally:
        subprocess.run([IMAGES / "dockerd.sh", "stop", daemon], check=False)
        place.close()


if __name__ == "__main__":
    main()
