#!/bin/bash
# Prepares what mystery.toml needs and measures it. As root; with docker at DOCKER_HOST, mmdebstrap, and decant on PATH or built in out/.
# usage: workloads/mystery.sh [options of decant bench]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH=$here/../out:$PATH
data=/var/tmp/decant-mystery
mkdir -p "$data"
cp "$here/infer.py" "$data/"
if ! docker image inspect infer >/dev/null 2>&1 || ! decant inspect infer >/dev/null 2>&1; then
  [ -e "$data/infer.tar" ] || mmdebstrap --variant=essential --include=python3-numpy bookworm "$data/infer.tar"
  docker import "$data/infer.tar" infer >/dev/null
  docker save infer -o "$data/infer-docker.tar"
  decant pull "docker-archive:$data/infer-docker.tar" infer
  rm "$data/infer.tar" "$data/infer-docker.tar"
fi
[ -e "$data/weights" ] || decant run -v "$data:/data" infer python3 /data/infer.py /data/weights --make $((1 << 30))
exec decant bench -f "$here/mystery.toml" "$@"
