"""The images that unpack.py times: made here, so that every tool gets the same bytes."""

import hashlib
import io
import itertools
import json
import random
import shutil
import subprocess
import tarfile
from pathlib import Path


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options).stdout


class Image:
    """Layers as gzip files, in an OCI layout and in an archive as docker save writes it."""

    def __init__(self, directory, name, tars):
        self.name = name
        self.directory = directory / name
        self.tars = tars
        self.layout = self.directory / "layout"
        self.archive = self.directory / "docker.tar"
        blobs = self.layout / "blobs/sha256"
        blobs.mkdir(parents=True)
        self.layers = []
        diff_ids = []
        for tar in tars:
            diff_ids.append(digest_of(tar))
            packed = self.directory / "packed"
            with open(packed, "wb") as out:
                subprocess.run(["gzip", "-6nc", tar], check=True, stdout=out)
            blob = blobs / digest_of(packed)
            packed.rename(blob)
            self.layers.append(blob)
        platform = {"architecture": run(["dpkg", "--print-architecture"]).strip(), "os": "linux"}
        config = self.blob({**platform, "config": {"Cmd": ["/bin/true"]}, "rootfs": {"type": "layers", "diff_ids": [f"sha256:{d}" for d in diff_ids]},
                            "history": [{"created_by": "unpack.py"} for _ in tars]})
        media = "application/vnd.oci.image."
        manifest = self.blob({
            "schemaVersion": 2, "mediaType": media + "manifest.v1+json", "config": self.descriptor(config, media + "config.v1+json"),
            "layers": [self.descriptor(layer, media + "layer.v1.tar+gzip") for layer in self.layers]})
        index = self.descriptor(manifest, media + "manifest.v1+json")
        index["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
        (self.layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [index]}))
        (self.layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        self.pack(config)

    def pack(self, config):
        listing = [{"Config": f"{config.name}.json", "RepoTags": [f"{self.name}:latest"], "Layers": [f"{layer.name}.tar" for layer in self.layers]}]
        with tarfile.open(self.archive, "w") as archive:
            archive.add(config, f"{config.name}.json")
            for layer in dict.fromkeys(self.layers):
                archive.add(layer, f"{layer.name}.tar")
            text = json.dumps(listing).encode()
            entry = tarfile.TarInfo("manifest.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))

    def blob(self, document):
        data = json.dumps(document).encode()
        path = self.layout / "blobs/sha256" / hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        return path

    @staticmethod
    def descriptor(blob, media):
        return {"mediaType": media, "digest": f"sha256:{blob.name}", "size": blob.stat().st_size}

    def describe(self):
        packed = sum(layer.stat().st_size for layer in self.layers) / 1e6
        plain = sum(tar.stat().st_size for tar in self.tars) / 1e6
        return f"{self.name}: {len(self.layers)} layers, {packed:.0f} MB packed, {plain:.0f} MB plain"

    def remove(self):
        shutil.rmtree(self.directory)


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else digest_by_parts(file)


def digest_by_parts(file):
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def debian(directory, cache):
    """A Debian with compilers, Python and Open MPI, as mmdebstrap makes it; kept, as it takes minutes."""
    kept = cache / "debian-compilers.tar"
    if not kept.exists():
        indexes = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages", "Component: main"])
        mirror = next(line.split()[0] for line in indexes.splitlines() if line.endswith(" bookworm"))
        run(["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--include=openmpi-bin,libopenmpi-dev,python3,gcc,g++",
             "--aptopt=APT::Install-Recommends \"false\"", "bookworm", kept, mirror])
    tar = directory / "debian.tar"
    shutil.copyfile(kept, tar)
    return tar


def split(directory, tar, count):
    """The tree of one archive as so many layers of about the same size, each with the directories that it needs."""
    with tarfile.open(tar) as archive:
        members = archive.getmembers()
        directories = {member.name: member for member in members if member.isdir()}
        share = sum(member.size for member in members) / count
        outs = [directory / f"part{number}.tar" for number in range(count)]
        number, used, out, made = 0, 0, tarfile.open(outs[0], "w", format=tarfile.PAX_FORMAT), set()
        for member in members:
            # Hard links stay beside their files: not every tool of the benchmark links across layers.
            if used > share * (number + 1) and number + 1 < count and not member.islnk():
                out.close()
                number += 1
                out, made = tarfile.open(outs[number], "w", format=tarfile.PAX_FORMAT), set()
            for parent in reversed(Path(member.name).parents):
                name = str(parent) if str(parent) == "." else f"./{parent}"
                if name in directories and name not in made:
                    made.add(name)
                    out.addfile(directories[name])
            if member.isdir():
                if member.name not in made:
                    made.add(member.name)
                    out.addfile(member)
            else:
                out.addfile(member, archive.extractfile(member) if member.isreg() else None)
                used += member.size
        out.close()
    return outs


def small_files(path, count, size=300):
    """One layer of so many small files, a hundred in each directory."""
    generator = random.Random(count)
    content = bytes(generator.choice(b"abcdefghijklmnop \n") for _ in range(1 << 16))
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(count):
            folder = f"data/{number // 10000:03}/{number // 100 % 100:02}"
            if number % 10000 == 0:
                add_directory(archive, f"data/{number // 10000:03}")
            if number % 100 == 0:
                add_directory(archive, folder)
            entry = tarfile.TarInfo(f"{folder}/{number % 100:02}.txt")
            entry.size = size
            entry.mtime = 1_600_000_000 + number
            start = generator.randrange(len(content) - size)
            archive.addfile(entry, io.BytesIO(content[start:start + size]))
            # Or tarfile keeps every entry.
            archive.members.clear()
    return path


def real_small_files(path, tar, count, most=32_768):
    """One layer of so many files, the small ones of a real tree over and over: in their directories, with their modes and times."""
    with tarfile.open(tar) as source, tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        # mmdebstrap writes some directories twice, which podman refuses.
        named = {member.name.removeprefix("./"): member for member in source.getmembers() if member.name != "."}
        members = [member for member in named.values() if member.isdir() or member.isreg() and member.size <= most]
        made = 0
        for copy in itertools.count():
            for member in members:
                if made == count:
                    return path
                entry = tarfile.TarInfo(f"copy{copy}/{member.name.removeprefix('./')}")
                entry.type, entry.mode, entry.mtime, entry.size = member.type, member.mode, member.mtime, member.size
                archive.addfile(entry, source.extractfile(member) if member.isreg() else None)
                archive.members.clear()
                made += member.isreg()


def big_files(path, megabytes):
    """One layer of files of 16 MB, which packs to a third."""
    generator = random.Random(megabytes)
    words = [generator.randbytes(generator.randrange(3, 12)) for _ in range(2000)]
    part = b"".join(generator.choice(words) + b" " for _ in range(2_600_000))[:16_000_000]
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(megabytes // 16):
            entry = tarfile.TarInfo(f"file{number}")
            entry.size = len(part)
            archive.addfile(entry, io.BytesIO(part))
    return path


def many_directories(path, count):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(count):
            add_directory(archive, f"directory{number // 1000}/directory{number % 1000}")
            archive.members.clear()
    return path


def add_directory(archive, name):
    entry = tarfile.TarInfo(name)
    entry.type = tarfile.DIRTYPE
    entry.mode = 0o755
    archive.addfile(entry)
