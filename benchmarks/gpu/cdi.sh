#!/bin/bash
# What a program in IMAGE sees of --device nvidia.com/gpu=all by two specifications of this host: that of nvidia-ctk cdi generate, and that of decant host --cdi.
# Prints what only one of them gives ("<" nvidia-ctk's, ">" decant's), and how much both give.
#
# usage: cdi.sh IMAGE NVIDIA_CTK      IMAGE: one without a driver, such as rootfs:ROOT
set -euo pipefail
image=$1 ctk=$2
decant=${DECANT:-$(dirname "$0")/../../out/decant}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{nvidia,own}/cdi
"$ctk" --quiet cdi generate --nvidia-cdi-hook-path /usr/bin/nvidia-cdi-hook --output "$work/nvidia/cdi/nvidia.yaml"
"$decant" host --cdi >"$work/own/cdi/nvidia.yaml"
seen() {
  XDG_CONFIG_HOME=$work/$1 "$decant" run --device nvidia.com/gpu=all "$image" sh -c '
    find /dev -name "nvidia*" -o -path "/dev/dri/*" | sed "s/^/node /"
    awk "\$5 !~ /^\/(dev|proc|sys)(\/|$)/ && \$5 != \"/\" { print \"mount\", \$5 }" /proc/self/mountinfo
    ldconfig -p | grep -i -e nvidia -e libcuda -e libnv | sed "s/^[[:space:]]*/loader /"
    find / -xdev -type l -newer /proc/self/exe -printf "link %p %l\n" 2>/dev/null | grep -i -e nvidia -e libcuda -e libnv -e GLX_indirect
    grep -s ModifyDeviceFiles /proc/driver/nvidia/params
    env | grep -e NVIDIA -e CUDA' | sort -u
}
seen nvidia >"$work/nvidia.txt"
seen own >"$work/own.txt"
comm -23 "$work/nvidia.txt" "$work/own.txt" | sed 's/^/< /'
comm -13 "$work/nvidia.txt" "$work/own.txt" | sed 's/^/> /'
echo "both: $(comm -12 "$work/nvidia.txt" "$work/own.txt" | wc -l)  nvidia-ctk alone: $(comm -23 "$work/nvidia.txt" "$work/own.txt" | wc -l)  decant alone: $(comm -13 "$work/nvidia.txt" "$work/own.txt" | wc -l)"
