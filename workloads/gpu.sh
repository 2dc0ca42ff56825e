#!/bin/bash
# The two workloads on a GPU, on the host and from IMAGE under decant run --gpus all. IMAGE has no driver: benchmarks/gpu/README.md makes one.
#
# usage: gpu.sh IMAGE PYTHON [OPTION OF decant bench ...]
set -euo pipefail
image=$1 python=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
decant=${DECANT:-$here/../out/decant}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$here"/{matmul,infer}.py "$work"
"$python" "$work/infer.py" "$work/weights" --make $((1 << 30)) >/dev/null
bench() {
  local title=$1 figures=$2
  shift 2
  {
    printf 'title = "%s"\ncommand = %s\nmetric = "%s"\n' "$title" "$1" "${figures%% *}"
    printf 'primes = 0\n[workload]\nformat = "jsonpath"\nfrom = "stdout"\n[workload.figures]\n'
    for figure in $figures; do
      case $figure in
        flops) printf 'flops = { at = "$.flops", unit = "FLOP/s", better = "higher" }\n' ;;
        tokens_per_second) printf 'tokens_per_second = { at = "$.tokens_per_second", unit = "tokens/s", better = "higher" }\n' ;;
        *) printf '%s = { at = "$.%s", unit = "B", better = "neither" }\n' "$figure" "$figure" ;;
      esac
    done
    printf '[[environment]]\nkind = "host"\n[[environment]]\nkind = "decant"\nimage = "%s"\noptions = "--gpus all -v %s:%s:ro"\n' "$image" "$work" "$work"
  } >"$work/$title.toml"
  "$decant" bench -f "$work/$title.toml" "${@:2}" -o "$work/$title"
}
bench matmul "flops allocated" "[\"$python\", \"$work/matmul.py\", \"--size\", \"8192\", \"--repeat\", \"200\"]" "$@"
bench infer "tokens_per_second kv_cache free_before_cache" "[\"$python\", \"$work/infer.py\", \"$work/weights\", \"--hidden\", \"8192\", \"--tokens\", \"2000\"]" "$@"
