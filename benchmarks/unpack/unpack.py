#!/usr/bin/env python3
"""Times decant's unpacking of images beside that of its peers; README.md says how and why."""

import argparse
import json
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

from images import Image, big_files, debian, many_directories, real_small_files, run, small_files, split

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
DECANT = CHECKOUT / "out/decant"
DOCKERD = CHECKOUT / "tests/Decant.EndToEnd.Tests/Images/dockerd.sh"


@dataclass
class Contender:
    """A command that unpacks into a place that is empty each time; making it empty is not timed."""

    name: str
    command: list
    place: Path = None
    environment: dict = field(default_factory=dict)
    clean: object = None
    slow: bool = False
    seconds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    memory: int = 0

    def once(self):
        if self.place:
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir()
        if self.clean:
            self.clean()
        out = tempfile.TemporaryFile("w+")
        peak = tempfile.NamedTemporaryFile("r")
        # The peak that wait4(2) tells of a child begins with this process's own size; GNU time is smaller than what it measures.
        timed = ["/usr/bin/time", "-f", "%M", "-o", peak.name, *self.command]
        start = time.monotonic()
        pid = subprocess.Popen([str(word) for word in timed], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                               env={**os.environ, **{key: str(value) for key, value in self.environment.items()}}).pid
        _, status, usage = os.wait4(pid, 0)
        elapsed = time.monotonic() - start
        if status != 0:
            out.seek(0)
            sys.exit(f"{self.name}: status {status}\n$ {' '.join(map(str, self.command))}\n{out.read()}")
        self.memory = max(self.memory, int(peak.read()) * 1024)
        return elapsed, usage.ru_utime + usage.ru_stime

    def measure(self):
        elapsed, cpu = self.once()
        self.seconds.append(elapsed)
        self.cpu.append(cpu)

    def median(self):
        return statistics.median(self.seconds)

    def line(self, reference):
        low, _, high = statistics.quantiles(self.seconds, n=4) if len(self.seconds) > 1 else (self.median(),) * 3
        return (f"  {self.name:<30}{self.median():9.2f}{low:9.2f}{high:9.2f}{self.median() / reference:8.2f}"
                f"{statistics.median(self.cpu):9.2f}{self.memory / 1e6:9.0f}{len(self.seconds):5d}")


def measure(contenders, blocks):
    """Each block runs every contender once in an order drawn anew, so that changes of the machine's speed meet them all."""
    for block in range(blocks):
        turn = [c for c in contenders if not c.slow or block % 2 == 0]
        random.shuffle(turn)
        for contender in turn:
            contender.measure()


def table(title, contenders):
    print(f"\n{title}\n  {'':<30}{'median s':>9}{'25 %':>9}{'75 %':>9}{'ratio':>8}{'CPU s':>9}{'peak MB':>9}{'n':>5}", flush=True)
    for contender in contenders:
        print(contender.line(contenders[0].median()), flush=True)


class Peers:
    """What the peers need: their own stores on the same tmpfs, and a dockerd."""

    def __init__(self, directory):
        self.directory = directory
        self.run = Path(f"/run/decant-unpack-{os.getpid()}")
        self.docker = ["/usr/bin/docker", "-H", f"unix://{self.run}/socket"]
        run([DOCKERD, "start", self.run, directory / "docker"])
        self.podman = ["/usr/bin/podman", "--root", directory / "podman", "--runroot", directory / "podman-run", "--storage-driver", "overlay"]

    def stop(self):
        run([DOCKERD, "stop", self.run])
        subprocess.run([str(word) for word in [*self.podman, "rmi", "--all", "--force"]], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def contenders(self, image):
        place = self.directory / "place"
        unpack = "; ".join(f"tar -xzf {layer} -C {place}" for layer in image.layers)
        write = "; ".join(f"tar -xf {tar} -C {place}" for tar in image.tars)
        inflate = "; ".join(f"{self.directory}/inflate {layer}" for layer in image.layers)
        return [
            decant("decant pull oci:", f"oci:{image.layout}:latest", place),
            decant("decant pull docker-archive:", f"docker-archive:{image.archive}", place),
            Contender("GNU tar xzf", ["sh", "-ec", unpack], place),
            Contender("umoci unpack", ["umoci", "unpack", "--image", f"{image.layout}:latest", place / "bundle"], place),
            Contender("podman load", [*self.podman, "load", "-q", "-i", image.archive], slow=True,
                      clean=lambda: run([*self.podman, "rmi", "--all", "--force"], stderr=subprocess.DEVNULL)),
            Contender("docker load", [*self.docker, "load", "-q", "-i", image.archive], slow=True,
                      clean=lambda: subprocess.run([*self.docker, "rmi", image.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)),
            Contender("stage: inflate to nowhere", ["sh", "-ec", inflate]),
            Contender("stage: tar xf of the plain tar", ["sh", "-ec", write], place),
        ]


def decant(name, source, place):
    return Contender(name, [DECANT, "pull", source, "image"], place, environment={"DECANT_ROOT": place})


def compare(image, peers, blocks):
    contenders = peers.contenders(image)
    for contender in contenders:
        if not contender.slow:
            contender.once()
    measure(contenders, blocks)
    table(image.describe(), contenders)
    oci, archive, tar, umoci, podman, docker, inflate, write = contenders
    print("  against the aims")
    verdict("decant / GNU tar xzf", oci.median() / tar.median(), 0.55)
    verdict("decant / umoci unpack", oci.median() / umoci.median(), 0.30)
    verdict("decant / podman load", archive.median() / podman.median(), 1)
    verdict("decant / docker load", archive.median() / docker.median(), 1)
    verdict("decant / slowest stage", oci.median() / max(inflate.median(), write.median()), 1.5)
    verdict("decant, peak memory in MB", max(oci.memory, archive.memory) / 1e6, 150)
    return {c.name: {"seconds": c.seconds, "cpu": c.cpu, "peak": c.memory} for c in contenders}


def verdict(name, value, limit):
    print(f"    {name:<40}{value:9.2f}   at most {limit:<6g} {'yes' if value <= limit else 'NO'}", flush=True)


def curve(title, unit, points, directory, blocks):
    """One decant and images of growing size: the last column stays where cost is linear."""
    print(f"\n{title}\n  {'':<20}{'median s':>9}{'CPU s':>9}{'peak MB':>9}{'µs CPU per ' + unit:>22}", flush=True)
    samples = {}
    for count, tars in points:
        image = Image(directory, f"curve-{count}", tars() if callable(tars) else tars)
        contender = decant(f"{count}", f"oci:{image.layout}:latest", directory / "place")
        for _ in range(blocks):
            contender.measure()
        cpu = statistics.median(contender.cpu)
        print(f"  {count:<20,}{contender.median():9.2f}{cpu:9.2f}{contender.memory / 1e6:9.0f}{cpu * 1e6 / count:22.2f}", flush=True)
        samples[count] = {"seconds": contender.seconds, "cpu": contender.cpu, "peak": contender.memory}
        for tar in image.tars:
            tar.unlink()
        image.remove()
    return samples


def curves(directory, blocks, most_files):
    files = [count for count in (1_000, 10_000, 100_000, 1_000_000) if count <= most_files]
    return {
        "files": curve("Files of 300 bytes in one layer", "file", [(n, lambda n=n: [small_files(directory / "files.tar", n)]) for n in files], directory, blocks),
        "megabytes": curve("Megabytes in one layer, in files of 16 MB", "MB", [(n, lambda n=n: [big_files(directory / "bytes.tar", n)]) for n in (64, 256, 1024)], directory, blocks),
        "directories": curve("Directories in one layer", "directory", [(n, lambda n=n: [many_directories(directory / "directories.tar", n)]) for n in files], directory, blocks),
        "layers": curve("Layers of 100 small files", "layer", [(n, lambda n=n: thin_layers(directory, n)) for n in (1, 10, 60, 120)], directory, blocks),
    }


def thin_layers(directory, count):
    return [small_files(directory / f"thin{number}.tar", 100, size=200 + number) for number in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=6)
    parser.add_argument("--files", type=int, default=1_000_000, help="stop the curve of files there")
    parser.add_argument("--only", choices=["compare", "curves"], help="one half of it")
    parser.add_argument("--image", choices=["debian", "ten-layers", "small-files", "tiny-files"], help="compare with this image only")
    parser.add_argument("--place", type=Path, default=Path("/dev/shm"), help="a tmpfs with 6 GB free")
    parser.add_argument("--cache", type=Path, default=Path("/var/tmp/decant-unpack"), help="keeps the Debian root filesystem")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("unpack.py: run as root: it unpacks owners and devices, and starts a dockerd")
    missing = [f"{program} ({package})" for program, package in {"umoci": "umoci", "podman": "podman", "dockerd": "docker.io", "mmdebstrap": "mmdebstrap", "/usr/bin/time": "time"}.items() if not shutil.which(program)]
    if missing:
        sys.exit("unpack.py: apt-get install what is missing: " + ", ".join(missing))

    directory = Path(tempfile.mkdtemp(prefix="decant-unpack-", dir=arguments.place))
    arguments.cache.mkdir(exist_ok=True)
    samples = {}
    try:
        if arguments.only != "curves":
            run(["dotnet", "publish", HERE / "inflate.cs", "-o", directory, "--artifacts-path", directory / "build"], env={**os.environ, "MSBUILDDISABLENODEREUSE": "1"})
            peers = Peers(directory)
            try:
                tar = debian(directory, arguments.cache)
                images = {
                    "debian": lambda: [tar],
                    "ten-layers": lambda: split(directory, tar, 10),
                    "small-files": lambda: [real_small_files(directory / "small.tar", tar, 100_000)],
                    "tiny-files": lambda: [small_files(directory / "tiny.tar", 100_000)],
                }
                for name in [arguments.image] if arguments.image else images:
                    image = Image(directory, name, images[name]())
                    samples[name] = compare(image, peers, arguments.blocks)
                    image.remove()
            finally:
                peers.stop()
        if arguments.only != "compare":
            samples["curves"] = curves(directory, max(1, arguments.blocks // 2), arguments.files)
        if arguments.json:
            arguments.json.write_text(json.dumps({
                "schema": "decant-unpack-benchmark/1", "kernel": os.uname().release, "machine": os.uname().machine, "cpus": os.cpu_count(), "samples": samples}, indent=1))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
