#!/bin/bash
# Builds decant as one native binary: out/decant for this machine, or out/decant-ARCH for another.
# usage: build.sh [--arch x64|arm64]
set -euo pipefail
cd "$(dirname "$0")"

case $(uname -m) in
  x86_64) host=x64 ;;
  aarch64) host=arm64 ;;
  *) echo "build.sh: decant is built on x86_64 or aarch64, not on $(uname -m)" >&2; exit 1 ;;
esac
arch=$host
case "${1-}" in
  '') ;;
  --arch) arch=${2-} ;;
  *) echo "usage: build.sh [--arch x64|arm64]" >&2; exit 2 ;;
esac
case $arch in
  x64) triple=x86_64-linux-gnu debian=amd64 ;;
  arm64) triple=aarch64-linux-gnu debian=arm64 ;;
  *) echo "build.sh: no such architecture: $arch (x64 or arm64)" >&2; exit 2 ;;
esac

packages=(clang lld)
options=()
if [ "$arch" = "$host" ]; then
  output=out/decant
  packages+=(binutils libc6-dev libgcc-12-dev)
else
  output=out/decant-$arch
  # The cross compiler brings libgcc and the start files, its binutils the tool that strips.
  packages+=("libc6-dev-$debian-cross" "gcc-${triple/_/-}")
  options+=(-p:CppCompilerAndLinker=clang "-p:ObjCopyName=$triple-objcopy")
fi
command -v dotnet >/dev/null || { echo "build.sh: the .NET 10 SDK is needed (dotnet is not on PATH)" >&2; exit 1; }
tests/install-packages.sh "${packages[@]}"

# The binary's bytes depend on the sources and the toolchain, not on where the checkout lies.
work=$PWD/out/build/$arch
dotnet publish src/Decant.Cli -c Release -r "linux-$arch" --nologo -v quiet \
  --artifacts-path "$work" -o "$work/bin" \
  -p:LinkerFlavor=lld "-p:PathMap=$PWD/=/decant/" "${options[@]}"
install -m 755 "$work/bin/decant" "$output"

if [ "$arch" = "$host" ]; then
  version=$("$output" --version)
else
  version="for $arch"
fi
echo "$output  $version  $(stat -c %s "$output" | numfmt --to=iec --format=%.1f)B"
