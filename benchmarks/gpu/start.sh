#!/bin/bash
# Start to the end of the first kernel, of a program that does nothing else: on the host, and from IMAGE under decant run --gpus all and --device nvidia.com/gpu=all.
#
# usage: start.sh IMAGE [OPTION OF decant bench ...]      needs nvcc, and a CDI specification in /etc/cdi: decant host --cdi >/etc/cdi/nvidia.yaml
set -euo pipefail
image=$1
shift
decant=${DECANT:-$(dirname "$0")/../../out/decant}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cat >"$work/add.cu" <<'CUDA'
#include <cstdio>
__global__ void add(int *x) { atomicAdd(x, 1); }
int main() { int *x, y = -1; cudaMalloc(&x, 4); cudaMemset(x, 0, 4); add<<<4, 64>>>(x); cudaMemcpy(&y, x, 4, cudaMemcpyDeviceToHost); printf("%d\n", y); return y != 256; }
CUDA
# For this GPU: from PTX, the driver's compiler would run in each trial whose ~/.nv/ComputeCache is not kept.
PATH=$PATH:/usr/local/cuda/bin nvcc -arch=native -o "$work/add" "$work/add.cu"
"$decant" bench --env host --env "gpus=decant:$image --gpus all -v $work:$work:ro" --env "cdi=decant:$image --device nvidia.com/gpu=all -v $work:$work:ro" \
  --self-test --title "start to the end of the first kernel" "$@" -o "$work/session" -- "$work/add"
