#!/bin/bash
# A Slurm of its own on this machine: slurmctld and two nodes, node1 and node2, with a munged, all listening on 127.0.0.1 only and with
# everything below one directory. Each node has a host name, processes and a /dev/shm of its own, as machines have. Slurm's plugin for
# PMIx opens "libpmix.so", a name that only libpmix-dev has.
#
# usage: slurm.sh start DIRECTORY    (as root; then SLURM_CONF=DIRECTORY/slurm.conf is what srun needs, for any user)
#        slurm.sh stop DIRECTORY
set -euo pipefail
directory=$2
nodes=(node1 node2)

start() {
  mkdir -p "$directory"/{state,spool,log,run,tmp}
  chmod 755 "$directory"
  for node in "${nodes[@]}"; do
    mkdir -p "$directory/spool/$node"
    mkdir -m 1777 -p "$directory/tmp/$node"
  done
  dd if=/dev/urandom of="$directory/munge.key" bs=1024 count=1 status=none
  chmod 600 "$directory/munge.key"
  munged --force --key-file="$directory/munge.key" --socket="$directory/run/munge" --pid-file="$directory/run/munged.pid" \
    --log-file="$directory/log/munged.log" --seed-file="$directory/state/munge.seed" </dev/null >/dev/null 2>&1
  cat >"$directory/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$directory/run/munge
StateSaveLocation=$directory/state
SlurmdSpoolDir=$directory/spool/%n
TmpFS=$directory/tmp/%n
SlurmctldPidFile=$directory/state/slurmctld.pid
SlurmdPidFile=$directory/spool/%n/slurmd.pid
SlurmctldLogFile=$directory/log/slurmctld.log
SlurmdLogFile=$directory/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
KillWait=5
SlurmdParameters=config_overrides
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
NodeName=node1 NodeHostname=node1 NodeAddr=127.0.0.1 Port=17001 CPUs=4 RealMemory=1000
NodeName=node2 NodeHostname=node2 NodeAddr=127.0.0.1 Port=17002 CPUs=4 RealMemory=1000
PartitionName=main Nodes=ALL Default=YES State=UP
CONF
  { cat /etc/hosts; echo "127.0.0.1 ${nodes[*]}"; } >"$directory/hosts"
  export SLURM_CONF=$directory/slurm.conf
  slurmctld -D -f "$directory/slurm.conf" </dev/null >"$directory/log/start" 2>&1 &
  echo $! >"$directory/run/slurmctld.pid"
  for node in "${nodes[@]}"; do
    # The shell reaps what slurmd leaves behind.
    unshare -m -u -p -f --kill-child --propagation private sh -c "hostname $node && mount -t proc proc /proc &&
      mount -t tmpfs -o mode=1777 tmpfs /dev/shm && mount --bind '$directory/hosts' /etc/hosts && slurmd -D -N $node & wait" \
      </dev/null >"$directory/log/$node" 2>&1 &
    echo $! >"$directory/run/$node.pid"
  done
  for _ in $(seq 200); do
    [ "$(sinfo -h -N -o %T 2>/dev/null | grep -c idle)" != ${#nodes[@]} ] || return 0
    sleep 0.1
  done
  echo "slurm.sh: the nodes are not idle after 20 seconds" >&2
  return 1
}

# A daemon that does not start takes down those that did.
give_up() {
  tail -n 20 "$directory"/log/* >&2 || true
  stop || true
}

# The process that start has left in run/NAME.pid and its children; nothing where its number is another's by now. What is in a node
# ends with the first process there. Numbers that a slurmd writes are those of its node, so they lie elsewhere.
processes() {
  local pid program=$1 arguments=()
  case $program in node*) program=unshare ;; esac
  pid=$(cat "$directory/run/$1.pid" 2>/dev/null) || return 0
  [[ $pid =~ ^[0-9]+$ ]] || return 0
  mapfile -d '' -t arguments 2>/dev/null <"/proc/$pid/cmdline" || return 0
  [[ ${arguments[0]-} =~ (^|/)"$program"$ && "${arguments[*]}" == *"$directory/"* ]] || return 0
  echo "$pid"
  pgrep -P "$pid" || true
}

# A process that nobody has waited for holds nothing any more.
runs() {
  awk '$1 == "State:" { dead = $2 ~ /[ZX]/ } $1 == "Threads:" { threads = $2 } END { exit threads == 0 || (dead && threads == 1) }' \
    "/proc/$1/status" 2>/dev/null
}

# Returns when they have ended, so that their ports are free again.
stop() {
  local name pid pids=() left=()
  for name in "${nodes[@]}" slurmctld munged; do
    mapfile -t -O ${#pids[@]} pids < <(processes "$name")
  done
  [ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
  for _ in $(seq 100); do
    left=()
    for pid in "${pids[@]}"; do
      ! runs "$pid" || left+=("$pid")
    done
    [ ${#left[@]} != 0 ] || break
    sleep 0.1
  done
  if [ ${#left[@]} != 0 ]; then
    echo "slurm.sh: killed, and still there after 10 seconds: ${left[*]}" >&2
    return 1
  fi
  rm -f "$directory"/run/*.pid
}

case ${1-} in
  start)
    trap give_up EXIT
    start
    trap - EXIT
    ;;
  stop) stop ;;
  *) echo "usage: slurm.sh start|stop DIRECTORY" >&2; exit 2 ;;
esac
