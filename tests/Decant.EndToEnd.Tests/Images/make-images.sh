#!/bin/bash
# Makes the images that the end-to-end tests and the benchmarks run, once for each version of this file, and prints the
# directory that holds them. Nothing is downloaded but Debian packages, from wherever this machine's own apt gets them.
#
#   NAME.export.tar        docker import, docker export
#   NAME.docker.tar        docker save
#   NAME.oci/ NAME.oci.tar skopeo copy, tagged "latest"
#   busybox.tar, busybox-arm64.tar   root filesystems, for this machine and another
#   docker/                data of the private dockerd, with every NAME loaded
#
# usage: make-images.sh      (as root; DECANT_TEST_CACHE, by default /var/tmp/decant-test-images, says where)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

[ "$(id -u)" = 0 ] || { echo "make-images.sh: must run as root (mmdebstrap, dockerd)" >&2; exit 1; }
for tool in mmdebstrap:mmdebstrap dockerd:docker.io skopeo:skopeo umoci:umoci; do
  command -v "${tool%:*}" >/dev/null || { echo "make-images.sh: apt-get install ${tool#*:}" >&2; exit 1; }
done

root=${DECANT_TEST_CACHE:-/var/tmp/decant-test-images}
mkdir -p "$root"
exec 9>"$root/lock"
flock 9
roots=$("$here/make-roots.sh" "$root")
cache=$root/images-$(cat "$here"/*.sh | sha256sum | cut -c1-16)
if [ -e "$cache/complete" ]; then
  echo "$cache"
  exit 0
fi
# An older recipe's images are of no use to anyone.
rm -rf "$root"/images-*
mkdir "$cache"
cp "$roots"/busybox*.tar "$cache"
work=$(mktemp -d)
dockerd=
finish() {
  [ -z "$dockerd" ] || "$here/dockerd.sh" stop "$dockerd"
  rm -rf "$work"
}
trap finish EXIT

took() {
  printf 'make-images: %-34s %4d s\n' "$1" "$((SECONDS - start))" >&2
  start=$SECONDS
}
start=$SECONDS

dockerd=$work/dockerd
"$here/dockerd.sh" start "$dockerd" "$cache/docker"
docker() { /usr/bin/docker -H "unix://$dockerd/socket" "$@" </dev/null; }

for name in busybox bookworm trixie; do
  docker import --change 'CMD ["/bin/sh"]' --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    "$roots/$name.tar" "$name" >/dev/null
done
took "docker import"

# commit FROM NAME COMMAND [CHANGE...]: a layer by running COMMAND, and a configuration.
commit() {
  local from=$1 name=$2 command=$3 change=() container
  shift 3
  for line in "$@"; do change+=(--change "$line"); done
  container=$(docker create --network none "$from" sh -c "$command")
  docker start -a "$container" >&2
  docker commit "${change[@]}" "$container" "$name" >/dev/null
  docker rm "$container" >/dev/null
}
commit busybox layers-1 'mkdir -p /a/gone /a/opaque /a/kept && echo 1 >/a/gone/f && echo 1 >/a/opaque/old && echo 1 >/a/kept/f &&
  ln /a/kept/f /a/kept/hard && echo 1 >/a/file-then-directory && mkdir /a/directory-then-file && ln -s kept /a/link && chmod 2750 /a/kept'
commit layers-1 layers-2 'rm -r /a/gone /a/opaque && mkdir /a/opaque && echo 2 >/a/opaque/new && rm /a/kept/f && echo 2 >>/a/kept/hard &&
  rm /a/file-then-directory && mkdir /a/file-then-directory && rm -r /a/directory-then-file && echo 2 >/a/directory-then-file'
commit layers-2 layers 'mkdir /a/gone && echo 3 >/a/gone/again && rm /a/link && ln -s opaque /a/link && chown 1000:2000 /a/kept/hard' \
  'CMD ["/bin/cat","/a/link/new"]'

commit busybox entrypoint true 'ENTRYPOINT ["/bin/echo","entry"]' 'CMD ["one","two words"]'
commit busybox shell-form true 'ENTRYPOINT echo shell form in $PWD' 'CMD ["ignored"]'
commit busybox user true 'USER app:extra' 'WORKDIR /home/app' 'ENV GREETING="hello there" EMPTY= EQUALS=a=b' 'CMD ["/bin/id"]'
commit busybox user-number true 'USER 1234:4321' 'CMD ["/bin/id"]'
commit busybox workdir true 'WORKDIR /made/by/config' 'CMD ["/bin/pwd"]'
took "docker commit"

mkdir "$work/build"
cat >"$work/build/Dockerfile" <<'DOCKERFILE'
FROM busybox
STOPSIGNAL SIGUSR1
ENV BUILT=yes
RUN echo built >/built && rm /bin/yes
COPY --chown=1000:2000 Dockerfile /home/app/
CMD ["/bin/cat","/built"]
DOCKERFILE
DOCKER_BUILDKIT=0 docker build --quiet --network none --tag built "$work/build" >/dev/null
took "docker build"

for name in busybox bookworm trixie layers entrypoint shell-form user user-number workdir built; do
  docker save -o "$cache/$name.docker.tar" "$name"
done
for name in busybox bookworm trixie layers; do
  container=$(docker create "$name")
  docker export -o "$cache/$name.export.tar" "$container"
  docker rm "$container" >/dev/null
done
took "docker save, docker export"

for name in busybox bookworm trixie layers; do
  skopeo copy --quiet --insecure-policy "docker-archive:$cache/$name.docker.tar" "oci:$cache/$name.oci:latest" >&2 </dev/null
  skopeo copy --quiet --insecure-policy "oci:$cache/$name.oci:latest" "oci-archive:$cache/$name.oci.tar:latest" >&2 </dev/null
done

# dockerd calls every import its own machine's.
other=$work/other
umoci init --layout "$other" >&2
umoci new --image "$other:latest" >&2
mkdir "$work/busybox-arm64"
tar -xf "$roots/busybox-arm64.tar" -C "$work/busybox-arm64"
umoci insert --image "$other:latest" "$work/busybox-arm64" / >&2
umoci config --image "$other:latest" --architecture arm64 --config.cmd /bin/sh >&2
skopeo copy --quiet --insecure-policy "oci:$other:latest" "docker-archive:$cache/busybox-arm64.docker.tar:busybox-arm64:latest" >&2 </dev/null
took "skopeo copy, umoci"

"$here/dockerd.sh" stop "$dockerd"
dockerd=
# A user that the tests run decant as must read the images, not dockerd's data.
chmod 755 "$root" "$cache"
chmod -R go+rX "$cache"/*.tar "$cache"/*.oci
touch "$cache/complete"
echo "$cache"
