#!/bin/bash
# A place where every trace shows: mount and process namespaces of its own, with empty file systems on /tmp, /run and
# /dev/shm. Runs a script there as a user, and prints what is not as it was before: mounts, processes, files, cgroups,
# the store. Exits with 90 where anything is left, else with the script's own status.
# usage: QuietRoom.sh SCRIPT [PREFIX...]     (as root, under unshare -m -p -f --mount-proc)
set -u
script=$1
shift

for place in /tmp /run /dev/shm; do
  mount -t tmpfs -o mode=1777 room "$place" || exit 91
done
mkdir /run/room
chmod 700 /run/room

state() {
  echo "mounts"
  cat /proc/self/mountinfo
  echo "processes"
  for process in /proc/[0-9]*; do
    [ "$process" = /proc/1 ] || [ "$process" = "/proc/$BASHPID" ] || ! read -r name 2>/dev/null <"$process/comm" || echo "process $name"
  done
  echo "files"
  find /tmp /run /dev/shm -mindepth 1 -not -path '/run/room*'
  echo "cgroups"
  find /sys/fs/cgroup -mindepth 1 -type d -not -path '*/docker/*'
  echo "store"
  # What doctor said of a command is remembered, by whoever first runs it.
  (cd "$DECANT_ROOT" && find . -path ./layers -prune -o -path ./tmp -prune -o -path ./answers -prune -o -type f -size -256 -exec sha256sum {} + &&
    find . -mindepth 2 -not -path './tmp/*' -not -path './answers/*' -printf '%p %y %m %U:%G %s %T@ %l\n' && find . -mindepth 1 -maxdepth 1 -not -name answers && find ./tmp -mindepth 1) 2>/dev/null
}
state >/run/room/before
"$@" /bin/bash -c "$script"
status=$?
# The kernel ends the last processes and mounts in its own time.
for _ in $(seq 50); do
  state >/run/room/after
  # What an earlier crash left in the store's tmp, any command may clear away.
  diff /run/room/before /run/room/after | grep '^[<>]' | grep -v '^< \./tmp/' >/run/room/difference || exit "$status"
  sleep 0.1
done
echo "left behind:" >&2
cat /run/room/difference >&2
exit 90
