#!/bin/bash
# Makes DIRECTORY/root and DIRECTORY/story.tar: an image in which things lie where vendors put them, and everything goes wrong that
# goes wrong there. The image is trixie; what stands for the host's is bookworm's.
#
#   /opt/hpcx/ucx, /opt/hpcx/ompi   trixie's UCX and Open MPI 5, moved there from /usr as in an HPC-X
#   /usr/local/bin/mpirun           bookworm's MPICH: the one that PATH gives
#   /host/lib                       bookworm's libucs, older than 1.17
#   /usr/local/cuda                 leads to cuda-13.0; the program in /app wants cuda-12.9
#   /opt/python                     Python packages of which the interpreter knows nothing; a Triton that knows no CUDA 13
#   /app                            programs that use all these
#
# usage: make-story.sh BOOKWORM.tar TRIXIE.tar DIRECTORY
set -euo pipefail
bookworm=$1 trixie=$2 root=$3/root
libraries=usr/lib/x86_64-linux-gnu
mkdir -p "$root"
tar -xf "$trixie" -C "$root" --exclude=./dev/* --exclude=dev/*
mkdir -p "$root"/opt/hpcx/{ucx/lib,ompi/{bin,lib,share}} "$root"/{host/lib,app}

# HPC-X: nothing of it is on a path that the loader knows.
(
  cd "$root/$libraries"
  mv libuc[mpst].so* libucs_signal.so* ucx "$root/opt/hpcx/ucx/lib/"
  mv libmpi.so* libopen-pal.so* libprrte.so* "$root/opt/hpcx/ompi/lib/"
  rm -rf libmpi_* openmpi
  cd "$root/usr/bin"
  mv ompi_info prte prte_info prted prterun "$root/opt/hpcx/ompi/bin/"
  mv mpirun.openmpi "$root/opt/hpcx/ompi/bin/mpirun"
  rm -f mpi* "$root"/etc/alternatives/mpi*
  mv "$root/usr/share/openmpi" "$root/usr/share/prte" "$root/opt/hpcx/ompi/share/"
)

# The other mpirun: by itself it works.
other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT
tar -xf "$bookworm" -C "$other" --wildcards '*libucs.so*'
cp -a "$other/$libraries"/libucs.so* "$root/host/lib/"
(
  cd "$other"
  apt-get -q -q -o APT::Sandbox::User=root download mpich libslurm38 </dev/null >&2
  for package in *.deb; do dpkg-deb -x "$package" .; done
)
mkdir -p "$root/usr/local/bin" "$root/usr/local/lib"
cp -a "$other/usr/bin"/{mpiexec.hydra,hydra_pmi_proxy} "$root/usr/local/bin/"
ln -s mpiexec.hydra "$root/usr/local/bin/mpirun"
cp -a "$other/$libraries"/libslurm.so* "$root/usr/local/lib/"

build() {
  local out=$1
  shift
  printf '%s\n' "$source" | cc -o "$root$out" -x c - -x none -Wl,--no-as-needed,--unresolved-symbols=ignore-all "$@"
}

# MPI by its binary interface: no header of any MPI is needed.
source='
#include <stdio.h>
extern char ompi_mpi_comm_world[];
int MPI_Init(int *, char ***), MPI_Comm_rank(void *, int *), MPI_Comm_size(void *, int *), MPI_Finalize(void);
int main(int argc, char **argv) {
  int rank, size;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(ompi_mpi_comm_world, &rank);
  MPI_Comm_size(ompi_mpi_comm_world, &size);
  printf("rank %d of %d\n", rank, size);
  return MPI_Finalize();
}'
build /app/ranks "$root/opt/hpcx/ompi/lib/libmpi.so.40"

# Two toolkits, and the link to the wrong one.
for version in 12.9 13.0; do
  toolkit=/usr/local/cuda-$version
  mkdir -p "$root$toolkit/lib64" "$root$toolkit/bin"
  printf '{"cuda": {"name": "CUDA SDK", "version": "%s.0"}}\n' "$version" >"$root$toolkit/version.json"
  source="int cudaRuntimeGetVersion(int *version) { *version = $(echo "$version" | awk -F. '{print $1 * 1000 + $2 * 10}'); return 0; }"
  build "$toolkit/lib64/libcudart.so.$version.0" -shared -fPIC "-Wl,-soname,libcudart.so.${version%.*}"
  ln -s "libcudart.so.$version.0" "$root$toolkit/lib64/libcudart.so.${version%.*}"
done
ln -s cuda-13.0 "$root/usr/local/cuda"
source='
#include <stdio.h>
int cudaRuntimeGetVersion(int *);
int main(void) { int version; cudaRuntimeGetVersion(&version); printf("CUDA %d\n", version); return 0; }'
build /app/kernel "$root/usr/local/cuda-12.9/lib64/libcudart.so.12"

# Triton asks the ptxas that TRITON_PTXAS_PATH names, and knows no CUDA 13.
for version in 12.9 13.0; do
  source="#include <stdio.h>
int main(void) { puts(\"Cuda compilation tools, release $version, V$version.48\"); return 0; }"
  build "/usr/local/cuda-$version/bin/ptxas" -static
done
packages=/opt/python/lib/python3.13/site-packages
mkdir -p "$root$packages/triton/backends/nvidia" "$root$packages/tensorrt_llm" "$root/app/shadow"
touch "$root$packages/triton/backends/__init__.py" "$root$packages/triton/backends/nvidia/__init__.py"
printf 'from triton.backends.nvidia.compiler import compile\n' >"$root$packages/triton/__init__.py"
cat >"$root$packages/triton/backends/nvidia/compiler.py" <<'PYTHON'
import os
import subprocess


def ptx_get_version(cuda_version):
    major, minor = map(int, cuda_version.split("."))
    if major == 12:
        return 80 + minor
    if major == 11:
        return 70 + minor
    raise RuntimeError("Triton only support CUDA 10.0 or higher, but got CUDA version: " + cuda_version)


def compile():
    words = subprocess.check_output([os.environ["TRITON_PTXAS_PATH"], "--version"]).decode()
    return ptx_get_version(words.split("release ")[1].split(",")[0])
PYTHON
printf 'version = "1.0"\n' >"$root$packages/tensorrt_llm/__init__.py"
printf 'import triton\nprint("PTX", triton.compile())\n' >"$root/app/triton_kernel.py"
printf 'import tensorrt_llm\nprint("TensorRT-LLM", tensorrt_llm.version)\n' >"$root/app/benchmark.py"
# A file of the program's own takes the place of a module of the standard library.
printf 'answer = 42\n' >"$root/app/shadow/bisect.py"
printf 'from bisect import bisect_left\nprint("found at", bisect_left([1, 2, 3], 2))\n' >"$root/app/shadow/search.py"

chroot "$root" ldconfig
tar -C "$root" --numeric-owner -cf "$3/story.tar" .
