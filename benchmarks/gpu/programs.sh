#!/bin/bash
# Runs what people run on GPUs from IMAGE, and says what worked: once as root, once as an ordinary user, each with a store of his own.
#
# usage: programs.sh IMAGE PYTHON      IMAGE: rootfs:ROOT, or a source that decant pull takes, such as tar:FILE
set -uo pipefail
image=$1 python=$2
decant=${DECANT:-$(dirname "$0")/../../out/decant}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cat >"$work/add.cu" <<'CUDA'
#include <cstdio>
__global__ void add(int *x) { atomicAdd(x, 1); }
int main() { int *x, y = -1; cudaMalloc(&x, 4); cudaMemset(x, 0, 4); add<<<4, 64>>>(x); cudaMemcpy(&y, x, 4, cudaMemcpyDeviceToHost); printf("%d\n", y); return y != 256; }
CUDA
cat >"$work/kernel.py" <<'PYTHON'
import torch, triton, triton.language as tl
@triton.jit
def double(x, y, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + at, tl.load(x + at, mask=at < n) * 2, mask=at < n)
x = torch.arange(1000, device="cuda", dtype=torch.float32)
y = torch.empty_like(x)
double[(4,)](x, y, 1000, BLOCK=256)
assert torch.equal(y, x * 2)
PYTHON
failed=0
try() {
  local what=$1
  shift
  local out
  if out=$("$@" 2>&1); then
    echo "ok      $what: $(tail -1 <<<"$out")"
  else
    echo "FAILED  $what: $(tail -3 <<<"$out")"
    failed=1
  fi
}
all() {
  local who=$1 name=$image
  shift
  if [ "${image%%:*}" != rootfs ]; then
    name=gpu-programs
    "$@" "$decant" pull "$image" "$name" || exit
  fi
  local run=("$@" "$decant" run --gpus all -v "$work:/srv/programs" -w /tmp "$name")
  try "$who: /dev holds" "${run[@]}" sh -c 'echo /dev/*'
  try "$who: nvidia-smi" "${run[@]}" nvidia-smi -L
  try "$who: torch" "${run[@]}" "$python" -c 'import torch; x = torch.randn(2048, 2048, device="cuda", dtype=torch.bfloat16); print((x @ x).float().norm().item())'
  try "$who: triton" "${run[@]}" "$python" /srv/programs/kernel.py
  try "$who: jax" "${run[@]}" env XLA_PYTHON_CLIENT_PREALLOCATE=false "$python" -c 'import jax; print(jax.devices(), jax.numpy.ones(1000).sum())'
  try "$who: cupy" "${run[@]}" "$python" -c 'import cupy; print(cupy.arange(10).sum())'
  try "$who: nvcc" "${run[@]}" sh -c 'PATH=$PATH:/usr/local/cuda/bin; nvcc -o /tmp/add /srv/programs/add.cu && /tmp/add'
  # Open MPI 4 does not start without ssh, which it does not need here.
  try "$who: mpi4py" "${run[@]}" env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_plm_rsh_agent=/bin/false mpirun --oversubscribe -np 2 "$python" -c 'from mpi4py import MPI; import torch; c = MPI.COMM_WORLD; print(c.allreduce(torch.ones(1, device="cuda").item()))'
  if [ "$name" != "$image" ]; then
    "$@" "$decant" rm "$name" >/dev/null
  fi
}
all root env "DECANT_ROOT=$work/store"
install -d -o 61234 -g 61234 "$work/of-61234"
all user setpriv --reuid=61234 --regid=61234 --clear-groups --inh-caps=-all -- env "DECANT_ROOT=$work/of-61234/store" "HOME=$work/of-61234"
exit $failed
