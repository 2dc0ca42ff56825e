#!/bin/bash
# Makes a root whose only loader is musl's: programs and shared libraries of Debian's source packages, built with musl-gcc.
# Needs musl-tools, make, binutils, libc6-dev and sources of packages in apt's lists (deb-src).
# usage: musl-root.sh ROOT
set -euo pipefail
[ $# = 1 ] || { echo "usage: musl-root.sh ROOT" >&2; exit 2; }
mkdir -p "$1/lib" "$1/usr/bin" "$1/usr/lib/plain"
root=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -L "/lib/ld-musl-$(uname -m).so.1" "$root/lib/"

# musl-gcc leaves the kernel's headers out.
mkdir "$work/kernel"
ln -s /usr/include/linux "/usr/include/$(uname -m)-linux-gnu/asm" /usr/include/asm-generic "$work/kernel/"
export CC=musl-gcc LDFLAGS="-L$root/usr/lib" CFLAGS="-O1 -fPIC -I$root/usr/include -idirafter $work/kernel" CPPFLAGS="-I$root/usr/include"
# The packages' own configure is good as it is, whatever its time says.
export AUTOMAKE=: ACLOCAL=: AUTOCONF=: AUTOHEADER=:

# usage: build PACKAGE [CONFIGURE-OPTION...]
build() {
  (
    cd "$work"
    apt-get source "$1"
    cd "$1"-*/
    ./configure --prefix=/usr "${@:2}"
    make -j"$(nproc)"
    make install DESTDIR="$root"
  ) >"$work/log" 2>&1 || { tail -n 20 "$work/log"; echo "musl-root.sh: $1 was not built" >&2; exit 1; }
  echo "$1"
}

build zlib
build xz-utils --disable-nls --disable-static
build libpng1.6 --disable-static
build libffi --disable-static --disable-docs
build ncurses --with-shared --without-normal --without-debug --without-ada --without-cxx --without-cxx-binding --without-manpages \
  --without-tests --enable-widec --with-versioned-syms
build pcre2 --disable-static --enable-pcre2-16 --enable-pcre2-32
build less
build libevent --disable-static --disable-openssl --disable-samples
build gdbm --disable-static --disable-nls --without-readline --enable-libgdbm-compat
build sqlite3 --disable-static --disable-tcl --disable-readline

# One that needs no libc, and so does not tell whose it is; and this system's own, which are glibc's, and lack much beside musl.
# Those with functions that choose themselves are refused by musl for that alone.
echo 'int part(void) { return 0; }' >"$work/plain.c"
musl-gcc -nostdlib -shared -fPIC -Wl,--no-as-needed -o "$root/usr/lib/plain/libplain.so" "$work/plain.c" -L"$root/usr/lib" -lz
for library in "/usr/lib/$(uname -m)-linux-gnu"/lib[a-l]*.so.*; do
  [ -L "$library" ] || readelf -rW "$library" | grep -q _IRELATIV || cp -n "$library" "$root/usr/lib/"
done
