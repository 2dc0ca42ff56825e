#!/usr/bin/env python3
"""Applies the corpus's layers with a tool and prints where its result is not the expected one.

usage: compare.py umoci | docker [--socket PATH] | decant [--binary PATH] [CASE...]
       compare.py layouts DIRECTORY     (writes each case as an OCI image layout DIRECTORY/CASE, tag "case")

Runs as root. umoci unpacks a bundle from an OCI layout; docker loads a docker-archive and its tree is read from `docker export`
of a container that is never started; decant pulls an OCI layout and its layers are mounted as one overlay.
Each line is CASE, what was expected, and what happened; the last lines count.
"""
import argparse
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile

CORPUS = os.path.dirname(os.path.abspath(__file__))


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **more)


def layers_of(case):
    return [open(f"{CORPUS}/{case['name']}/{layer}", "rb").read() for layer in case["layers"]]


def config(layers):
    return json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/none"]},
                       "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(l).hexdigest() for l in layers]}}).encode()


def make_layout(path, layers):
    os.makedirs(path + "/blobs/sha256")

    def blob(data, media):
        digest = hashlib.sha256(data).hexdigest()
        with open(f"{path}/blobs/sha256/{digest}", "wb") as file:
            file.write(data)
        return {"mediaType": media, "digest": "sha256:" + digest, "size": len(data)}

    manifest = blob(json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(config(layers), "application/vnd.oci.image.config.v1+json"),
        "layers": [blob(l, "application/vnd.oci.image.layer.v1.tar") for l in layers]}).encode(), "application/vnd.oci.image.manifest.v1+json")
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "case"}
    with open(path + "/index.json", "w") as file:
        json.dump({"schemaVersion": 2, "manifests": [manifest]}, file)
    with open(path + "/oci-layout", "w") as file:
        json.dump({"imageLayoutVersion": "1.0.0"}, file)


def make_docker_archive(path, layers):
    with tarfile.open(path, "w") as tar:
        def add(name, data):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        names = [f"{i}/layer.tar" for i in range(len(layers))]
        for name, data in zip(names, layers):
            add(name, data)
        add("config.json", config(layers))
        add("manifest.json", json.dumps([{"Config": "config.json", "RepoTags": ["corpus:case"], "Layers": names}]).encode())


def tree_of_directory(root):
    tree, inodes = {}, {}
    # By descriptors: a path may be longer than a system call takes.
    for directory, names, files, descriptor in os.fwalk(os.fsencode(root)):
        for name in [b"."] * (directory == os.fsencode(root)) + names + files:
            whole = b"/proc/self/fd/%d/%s" % (descriptor, name)
            path = "" if name == b"." else os.fsdecode(os.path.join(directory, name)[len(os.fsencode(root)) + 1:])
            try:
                status = os.lstat(whole)
            except FileNotFoundError:
                # overlayfs lists a whiteout in a directory that merges with nothing, and does not open it.
                tree[path] = {"type": "a name that cannot be opened", "xattrs": {}}
                continue
            kind = stat.S_IFMT(status.st_mode)
            entry = {"type": {stat.S_IFDIR: "directory", stat.S_IFREG: "file", stat.S_IFLNK: "symlink", stat.S_IFIFO: "fifo",
                              stat.S_IFCHR: "character device", stat.S_IFBLK: "block device"}[kind],
                     "mode": f"{stat.S_IMODE(status.st_mode):04o}", "owner": f"{status.st_uid}:{status.st_gid}",
                     "mtime": f"{status.st_mtime_ns // 10**9}.{status.st_mtime_ns % 10**9:09d}"}
            if kind == stat.S_IFREG:
                data = open(whole, "rb").read() if status.st_size < 1 << 20 else b"?"
                entry |= {"content": data.decode("latin1"), "sha256": hashlib.sha256(data).hexdigest(), "size": status.st_size}
            if kind == stat.S_IFLNK:
                entry["target"] = os.fsdecode(os.readlink(whole))
            if kind in (stat.S_IFCHR, stat.S_IFBLK):
                entry["device"] = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
            entry["xattrs"] = {n: os.getxattr(whole, n, follow_symlinks=False).hex() for n in os.listxattr(whole, follow_symlinks=False)
                               if not n.startswith(("user.rootlesscontainers", "trusted.overlay", "user.overlay", "user.umoci"))}
            if kind != stat.S_IFDIR:
                inodes.setdefault(status.st_ino, []).append(path)
            entry["inode"] = status.st_ino
            tree[path] = entry
    return tree


def difference(case, tree):
    """The first thing that is not as expected, or None."""
    wanted = {e["path"]: e for e in case["tree"]}
    for path in sorted(set(tree) - set(wanted) - {""}):
        return f"has {path!r}"
    for path, entry in wanted.items():
        if path not in tree:
            return f"lacks {path!r}"
        seen = tree[path]
        if entry["type"] == "hardlink":
            if seen["inode"] != tree[entry["same"]]["inode"]:
                return f"{path!r} is not the same file as {entry['same']!r}"
            continue
        for key in entry:
            if key not in ("path",) and seen.get(key) != entry[key]:
                return f"{path!r}: {key} is {seen.get(key)!r}"
        if "xattrs" not in entry and seen["xattrs"]:
            return f"{path!r}: has attributes {sorted(seen['xattrs'])}"
    return None


class Umoci:
    def apply(self, layers, work):
        make_layout(work + "/layout", layers)
        result = run("umoci", "unpack", "--image", f"{work}/layout:case", f"{work}/bundle")
        if result.returncode != 0:
            return None, result.stderr.decode(errors="replace").strip().splitlines()[-1][:150]
        return tree_of_directory(f"{work}/bundle/rootfs"), None


class Docker:
    def __init__(self, socket):
        self.docker = ["docker"] + (["-H", "unix://" + socket] if socket else [])

    def apply(self, layers, work):
        make_docker_archive(work + "/image.tar", layers)
        result = run(*self.docker, "load", "-i", work + "/image.tar")
        if result.returncode != 0 or b"Loaded" not in result.stdout:
            return None, (result.stderr + result.stdout).decode(errors="replace").strip().splitlines()[-1][:150]
        try:
            made = run(*self.docker, "create", "corpus:case")
            if made.returncode != 0:
                return None, "create: " + made.stderr.decode(errors="replace").strip()[:150]
            container = made.stdout.decode().strip()
            try:
                data = json.loads(run(*self.docker, "inspect", container).stdout)[0]["GraphDriver"]
                lower = data["Data"]["LowerDir"].split(":")[1:]
                os.makedirs(work + "/merged")
                os.makedirs(work + "/empty")
                run("mount", "-t", "overlay", "overlay", "-o", f"ro,lowerdir={':'.join(lower)}:{work}/empty", work + "/merged", check=True)
                try:
                    return tree_of_directory(work + "/merged"), None
                finally:
                    run("umount", work + "/merged", check=True)
            finally:
                run(*self.docker, "rm", container)
        finally:
            run(*self.docker, "rmi", "-f", "corpus:case")


class Decant:
    def __init__(self, binary):
        self.binary = binary

    def apply(self, layers, work):
        make_layout(work + "/layout", layers)
        result = run(self.binary, "pull", f"oci:{work}/layout:case", "case", env={"DECANT_ROOT": work + "/store", "PATH": os.environ["PATH"]})
        if result.returncode != 0:
            return None, result.stderr.decode(errors="replace").strip().splitlines()[0][:150]
        chain = []
        for layer in layers:
            diff = "sha256:" + hashlib.sha256(layer).hexdigest()
            chain.append(hashlib.sha256(f"sha256:{chain[-1]} {diff}".encode()).hexdigest() if chain else diff[7:])
        os.makedirs(work + "/merged")
        os.makedirs(work + "/empty")
        stack = ":".join(f"{work}/store/layers/{layer}/diff" for layer in reversed(chain))
        run("mount", "-t", "overlay", "overlay", "-o", f"ro,lowerdir={stack}:{work}/empty", work + "/merged", check=True)
        try:
            return tree_of_directory(work + "/merged"), None
        finally:
            run("umount", work + "/merged", check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool", choices=["umoci", "docker", "decant", "layouts"])
    parser.add_argument("--socket")
    parser.add_argument("--binary", default=os.path.join(CORPUS, "../../out/decant"))
    parser.add_argument("cases", nargs="*")
    options = parser.parse_intermixed_args()
    everything = sorted(d for d in os.listdir(CORPUS) if os.path.isdir(f"{CORPUS}/{d}"))
    if options.tool == "layouts":
        for name in everything:
            make_layout(f"{options.cases[0]}/{name}", layers_of(json.load(open(f"{CORPUS}/{name}/case.json"))))
        return
    tool = {"umoci": lambda: Umoci(), "docker": lambda: Docker(options.socket), "decant": lambda: Decant(os.path.abspath(options.binary))}[options.tool]()
    counts = {"as expected": 0, "differs": 0}
    for name in options.cases or everything:
        case = json.load(open(f"{CORPUS}/{name}/case.json"))
        work = tempfile.mkdtemp(prefix="corpus-")
        os.makedirs(work + "/victim")
        open(work + "/victim/hello", "w").write("hello")
        before = os.stat(work + "/victim").st_mtime_ns
        try:
            try:
                tree, error = tool.apply(layers_of(case), work)
            except subprocess.TimeoutExpired:
                tree, error = None, "did not end in 120 s"
            seen = "refused: " + error if tree is None else None
            if tree is not None and case["expect"] != "refuse":
                seen = difference(case, tree)
            elif tree is not None:
                seen = "applied"
            fine = (tree is None and case["expect"] != "apply" and "did not end" not in error) or (tree is not None and case["expect"] != "refuse" and seen is None)
            if os.stat(work + "/victim").st_mtime_ns != before or os.listdir(work + "/victim") != ["hello"]:
                fine, seen = False, "WROTE OUTSIDE"
            counts["as expected" if fine else "differs"] += 1
            if not fine:
                print(f"{name} [{case['expect']}]: {seen}", flush=True)
        finally:
            run("chmod", "-R", "u+rwx", work)
            shutil.rmtree(work, ignore_errors=True)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))


if __name__ == "__main__":
    main()
