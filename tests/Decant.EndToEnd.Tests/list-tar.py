"""Lists what a tar unpacks to, one name a line, so that two archives of one tree list the same in whatever order they are.

usage: list-tar.py FILE      (times in whole seconds, as docker writes them)
"""
import hashlib
import sys
import tarfile

archive = tarfile.open(sys.argv[1])
members, contents, groups = {}, {}, {}
for member in archive:
    name = member.name.strip("/").removeprefix("./")
    if member.islnk():
        first = member.linkname.strip("/").removeprefix("./")
        groups[name] = groups[first]
    else:
        groups[name] = member
        if member.isreg():
            contents[member] = hashlib.sha256(archive.extractfile(member).read()).hexdigest()
    members.setdefault(groups[name], []).append(name)
for member, names in members.items():
    link = " -> " + member.linkname if member.issym() else ""
    device = f" {member.devmajor}:{member.devminor}" if member.isdev() and not member.isfifo() else ""
    capability = member.pax_headers.get("SCHILY.xattr.security.capability", "").encode("utf-8", "surrogateescape").hex()
    for name in names:
        print(f"{name}: type {member.type.decode()} {member.mode & 0o7777:o} {member.uid}:{member.gid} {int(member.mtime)} {member.size} "
              f"{contents.get(member, '')}{link}{device} {capability} {'=' if len(names) > 1 else ''}{'='.join(sorted(names)) if len(names) > 1 else ''}")
