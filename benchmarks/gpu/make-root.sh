#!/bin/bash
# Makes ROOT: this host's files as hard links, without those of the NVIDIA driver, so that only what is brought into a run makes its GPU work.
#
# usage: make-root.sh ROOT
set -euo pipefail
root=$1
mkdir -p "$root"
for directory in bin sbin lib lib64 usr etc opt root; do
  # What is mounted over a file, such as /etc/resolv.conf, is on another file system and cannot be linked: cp names it, and the rest counts.
  if [ -e "/$directory" ] && ! cp -al "/$directory" "$root/"; then
    echo "make-root.sh: of /$directory not everything is in $root" >&2
  fi
done
mkdir -p "$root"/{dev,proc,sys,tmp,run,var/tmp,mnt,srv}
chmod 1777 "$root/tmp" "$root/var/tmp"
version=$(cat /sys/module/nvidia/version)
rm -rf "$root/usr/local/nvidia"
find "$root/usr" "$root/etc" "$root/opt" -xdev \( -name "*.so.$version" -o -lname "*.so.$version" -o -lname '/usr/local/nvidia*' \) -delete
find "$root/usr" "$root/etc" "$root/opt" -xdev -xtype l \( -name 'libcuda.so*' -o -name 'libnvidia-*' -o -name 'libnvcuvid.so*' \) -delete
rm -f "$root/usr/bin/nvidia-smi" "$root/etc/ld.so.cache"
chroot "$root" ldconfig
