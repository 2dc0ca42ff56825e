#!/bin/bash
# A dockerd of our own beside any other: no bridge, no iptables, its own data. With "bridged" it has both, as it comes, in a network
# namespace of its own.
# usage: dockerd.sh start RUN-DIRECTORY DATA-DIRECTORY [bridged]     (then: docker -H unix://RUN-DIRECTORY/socket)
#        dockerd.sh stop RUN-DIRECTORY
set -euo pipefail
verb=$1 run=$2

case $verb in
  start)
    mkdir -p "$run"
    daemon=(dockerd --iptables=false --ip6tables=false --bridge=none)
    [ "${4-}" != bridged ] || daemon=(unshare --net dockerd)
    # The lock of make-images.sh must not live as long as the daemon.
    setsid "${daemon[@]}" -H "unix://$run/socket" --data-root "$3" \
      --exec-root "$run/exec" --pidfile "$run/pid" </dev/null >"$run/log" 2>&1 9>&- &
    for _ in $(seq 300); do
      /usr/bin/docker -H "unix://$run/socket" version >/dev/null 2>&1 && exit 0
      sleep 0.1
    done
    cat "$run/log" >&2
    exit 1
    ;;
  stop)
    pid=$(cat "$run/pid" 2>/dev/null) || exit 0
    kill "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    ! mountpoint -q "$run/exec/netns/default" || umount "$run/exec/netns/default"
    rm -rf "$run"
    ;;
esac
