#!/usr/bin/env python3
"""What seven ways to run one Debian cost four kinds of work, by decant bench; README.md says how and why."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DECANT = CHECKOUT / "out/decant"
IMAGES = CHECKOUT / "tests/Decant.EndToEnd.Tests/Images"
PODMAN = "--runtime runc --network host --ulimit nofile=20000:20000 --ulimit nproc=4096:4096"

# Name, cache, the command in an image, and on the host, which must not read other files than the images do.
WORKLOADS = [
    ("start", "warm", ["true"], None),
    ("CPU", "warm", ["perl", "-e", "$s = ($s * 1103515245 + 12345) % 2147483648 for 1 .. 35_000_000"], None),
    ("memory", "warm", ["perl", "-e", '$a = "a" x (192 << 20); for (1 .. 12) { $b = $a; substr($b, 0, 1) = "b" }'], None),
    ("disk", "cold", ["sh", "-c", "tar cf - -C /usr . | cat >/dev/null"], lambda root: ["sh", "-c", f"tar cf - -C {root}/usr . | cat >/dev/null"]),
]


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options).stdout


def experiment(title, cache, command, host, root, blocks):
    words = lambda line: json.dumps(line, ensure_ascii=False)
    environments = [("host", "", ""), ("decant", "bookworm", ""), ("chroot", f"rootfs:{root}", ""), ("bwrap", f"rootfs:{root}", ""), ("runc", f"rootfs:{root}", ""),
                    ("podman", "decant-bench-bookworm", PODMAN), ("docker", "bookworm", "--network host")]
    lines = [f"title = {words(title)}", f"command = {words(command)}", f'cache = "{cache}"', f"blocks = {blocks}", f"primes = {1 if title == 'start' else 0}", 'sample = "250ms"', "self-test = true"]
    for kind, image, options in environments:
        lines += ["[[environment]]", f'kind = "{kind}"', *([f"image = {words(image)}"] if image else []), *([f"options = {words(options)}"] if options else [])]
        if kind == "host" and host:
            lines.append(f"command = {words(host(root))}")
    return "\n".join(lines) + "\n"


def cell(result, environment):
    median = next((row["median"] for row in result["summaries"] if row["metric"] == "wall" and row["environment"] == environment), None)
    if median is None:
        return "failed"
    shown = f"{1000 * median:.3g} ms" if median < 1 else f"{median:.3g} s"
    for verdict in result["verdicts"]:
        comparison = verdict["comparison"]
        if comparison["subject"] == environment:
            times = comparison["low"] > 3
            percent = lambda ratio: f"{ratio:.3g}" if times else f"{100 * (ratio - 1):+.{0 if abs(ratio - 1) > 0.1 else 1}f}"
            interval = f"{percent(comparison['low'])} to {percent(comparison['high'])} {'times' if times else '%'}"
            return f"{verdict['verdict'].split(',')[0].split(' and ')[0].split(' but ')[0]}: {interval} ({shown})".replace("-", "−")
    return shown


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=15)
    parser.add_argument("--only", choices=[title for title, *_ in WORKLOADS], help="one kind of work")
    parser.add_argument("--output", type=Path, help="a directory for the sessions and their reports; else they are not kept")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("environments.py: run as root: it starts a dockerd, and drops caches")
    missing = [f"{program} ({package})" for program, package in {"bwrap": "bubblewrap", "runc": "runc", "podman": "podman", "dockerd": "docker.io"}.items() if not shutil.which(program)]
    if missing:
        sys.exit("environments.py: apt-get install what is missing: " + ", ".join(missing))

    place = Path(tempfile.mkdtemp(prefix="decant-bench-", dir="/var/tmp"))
    daemon = Path(f"/run/decant-bench-{os.getpid()}")
    output = arguments.output or place / "out"
    output.mkdir(parents=True, exist_ok=True)
    try:
        images = Path(run([IMAGES / "make-images.sh"]).strip())
        root = place / "root"
        root.mkdir(mode=0o755)
        run(["tar", "-xf", images / "bookworm.export.tar", "-C", root])
        os.environ |= {"DECANT_ROOT": str(place / "store"), "DOCKER_HOST": f"unix://{daemon}/socket"}
        run([DECANT, "pull", f"docker-archive:{images}/bookworm.docker.tar", "bookworm"])
        run(["podman", "import", "-q", images / "bookworm.export.tar", "decant-bench-bookworm"])
        run([IMAGES / "dockerd.sh", "start", daemon, images / "docker"])
        results = {}
        for title, cache, command, host in (workload for workload in WORKLOADS if arguments.only in (None, workload[0])):
            file = place / f"{title}.toml"
            file.write_text(experiment(title, cache, command, host, root, arguments.blocks))
            report = json.loads(run([DECANT, "bench", "-f", file, "-o", output / title, "--html", output / f"{title}.html", "--json"]))
            results[title] = report["results"][0]
        print("| | " + " | ".join(results) + " |\n|" + " --- |" * (len(results) + 1))
        for environment in ("host", "decant", "chroot", "bwrap", "runc", "podman", "docker"):
            print(f"| {environment} | " + " | ".join(cell(result, environment) for result in results.values()) + " |")
        for title, result in results.items():
            for threat in result["threats"]:
                print(f"{title}: {threat['sentence']} ({threat['evidence']})")
    finally:
        subprocess.run([IMAGES / "dockerd.sh", "stop", daemon], check=False)
        subprocess.run(["podman", "rmi", "-f", "decant-bench-bookworm"], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
