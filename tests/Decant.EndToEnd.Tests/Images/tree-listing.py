#!/usr/bin/env python3
"""Prints all that a tree shows, sorted by path: type, mode, owner, time, device, size, digest, link target, hard links, attributes.

usage: tree-listing.py ROOT [no-owners] [no-devices]    leaves out what an ordinary user cannot have
"""

import hashlib
import os
import stat
import sys

root = os.fsencode(sys.argv[1])
owners = "no-owners" not in sys.argv
devices = "no-devices" not in sys.argv
# What steers overlayfs, what umoci notes of owners, and what only root may read or write.
left_out = (b"trusted.overlay.", b"user.overlay.", b"user.rootlesscontainers", b"security.selinux") + (() if owners else (b"security.", b"trusted."))


def attributes(path):
    names = sorted(name for name in map(os.fsencode, os.listxattr(path, follow_symlinks=False)) if not name.startswith(left_out))
    return b"".join(b" %s=%s" % (name, os.getxattr(path, name, follow_symlinks=False).hex().encode()) for name in names)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


paths = [b""]
for directory, directories, files in os.walk(root):
    paths += [os.path.relpath(os.path.join(directory, name), root) for name in directories + files]
first = {}
for path in sorted(paths):
    whole = os.path.join(root, path) if path else root
    status = os.lstat(whole)
    if not devices and (stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode)):
        continue
    fields = [stat.filemode(status.st_mode)]
    # The root's time is the moment of unpacking where no layer describes it.
    if path:
        fields.append(status.st_mtime_ns)
    if owners:
        fields.append(f"{status.st_uid}:{status.st_gid}")
    if stat.S_ISREG(status.st_mode):
        fields += [status.st_size, digest(whole)]
    elif stat.S_ISLNK(status.st_mode):
        fields.append(os.readlink(whole))
    elif stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        fields.append(f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}")
    if not stat.S_ISDIR(status.st_mode) and status.st_nlink > 1:
        fields.append(f"as {first.setdefault((status.st_dev, status.st_ino), path)!r}")
    print(repr(path), *fields, attributes(whole).decode("latin-1"))
