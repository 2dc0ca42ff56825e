#!/bin/bash
# Makes the root filesystems that make-images.sh builds on, and prints the directory that holds them: SUITE.tar by
# mmdebstrap, busybox.tar and busybox-arm64.tar from Debian's static busybox. Debian packages come from wherever this
# machine's own apt gets them.
#
# usage: make-roots.sh CACHE-DIRECTORY
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

cache=$1/roots-$(sha256sum <"$here/make-roots.sh" | cut -c1-16)
if [ -e "$cache/complete" ]; then
  echo "$cache"
  exit 0
fi
rm -rf "$1"/roots-*
mkdir "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

took() {
  printf 'make-roots: %-34s %4d s\n' "$1" "$((SECONDS - start))" >&2
  start=$SECONDS
}
start=$SECONDS

mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
  awk '$2 == "bookworm" { print $1; exit }')
[ -n "$mirror" ] || { echo "make-images.sh: apt has no index of bookworm's main; run apt-get update" >&2; exit 1; }

# Open MPI's dependencies drag in two GPU compilers that no test loads.
bootstrap() {
  mmdebstrap --quiet --mode=root --variant=minbase \
    --include=openmpi-bin,python3-minimal,procps \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/lib/*/libLLVM*' \
    --dpkgopt='path-exclude=/usr/lib/*/libamd*' --dpkgopt='path-exclude=/usr/lib/*/libz3.so*' \
    "$1" "$cache/$1.tar" "$mirror" >"$work/$1.log" 2>&1 </dev/null ||
    { cat "$work/$1.log" >&2; return 1; }
}
bootstrap bookworm & bookworm=$!
bootstrap trixie & trixie=$!

# busybox ARCHITECTURE DIRECTORY: a root filesystem of Debian's static busybox; the machine's own apt state is left alone.
busybox() {
  local state=$work/apt-$1
  mkdir -p "$state"/{lists/partial,cache/archives/partial,deb} "$2"/{bin,etc,home/app,root,tmp,usr/bin,var}
  echo "deb $mirror bookworm main" >"$state/sources.list"
  (
    cd "$state/deb"
    options=(-q -q -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o "Dir::State=$state" -o Dir::State::status=/dev/null
      -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache" -o "Dir::Etc::SourceList=$state/sources.list"
      -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update </dev/null >&2
    apt-get "${options[@]}" download busybox-static </dev/null >&2
    dpkg-deb --fsys-tarfile ./*.deb | tar -xO ./bin/busybox >"$2/bin/busybox"
  )
  chmod 755 "$2/bin/busybox"
  chmod 1777 "$2/tmp"
  chown 1000:1000 "$2/home/app"
  for applet in cat chmod cut dd echo env expr false find grep head hostname id kill ln ls md5sum mkdir mount mv ps pwd readlink \
    rm sed seq sh sleep sort stat stty tail tar test touch tr true tty umask uname wc whoami yes; do
    ln -s busybox "$2/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n' >"$2/etc/passwd"
  printf 'root:x:0:\napp:x:1000:\nextra:x:2000:app\n' >"$2/etc/group"
}
busybox amd64 "$work/busybox"
busybox arm64 "$work/busybox-arm64"
tar -C "$work/busybox-arm64" --numeric-owner -cf "$cache/busybox-arm64.tar" .
tar -C "$work/busybox" --numeric-owner -cf "$cache/busybox.tar" .
took "busybox-static, amd64 and arm64"
wait "$bookworm"
wait "$trixie"
took "mmdebstrap bookworm, trixie"

touch "$cache/complete"
echo "$cache"
