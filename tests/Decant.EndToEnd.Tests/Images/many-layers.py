#!/usr/bin/env python3
"""Writes an image of many layers as docker save does: over a root filesystem, each layer changes a file, adds one and removes one.

usage: many-layers.py ROOT.tar COUNT IMAGE.tar
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path


def add(archive, name, data=b"", kind=tarfile.REGTYPE):
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.mode = kind, len(data), 0o755
    archive.addfile(entry, io.BytesIO(data))


def layer(number):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        add(archive, "last", b"%d\n" % number)
        if number > 1:
            add(archive, f".wh.gone-{number - 1}")
        add(archive, f"gone-{number}")
        add(archive, "layers", kind=tarfile.DIRTYPE)
        add(archive, f"layers/{number}")
    return out.getvalue()


root, count, image = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
layers = [root.read_bytes()] + [layer(number) for number in range(1, count)]
digests = [hashlib.sha256(data).hexdigest() for data in layers]
config = json.dumps({
    "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/usr/bin:/bin"]},
    "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]}}).encode()
with tarfile.open(image, "w") as archive:
    add(archive, "config.json", config)
    for digest, data in zip(digests, layers):
        add(archive, f"{digest}/layer.tar", data)
    add(archive, "manifest.json", json.dumps([{"Config": "config.json", "RepoTags": ["many-layers:latest"], "Layers": [f"{digest}/layer.tar" for digest in digests]}]).encode())
