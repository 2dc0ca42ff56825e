#!/bin/bash
# Shows decant's main job from end to end; builds it first where that has not been done.
set -euo pipefail
cd "$(dirname "$0")"
[ -x out/decant ] || ./build.sh
exec out/decant demo "$@"
