#!/usr/bin/env bash
# Makes the real engines runnable on a machine that reaches package registries but no image registry; safe to run again.
# The daemon it has to start is left to the script that sources this file; run by hand, it ends with this script.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
source "$HERE/daemon.sh"
source "$HERE/binaries.sh"
source "$HERE/images.sh"

prepare_engines() {
  mkdir -p "$CACHE/build"
  exec 9>"$CACHE/lock"
  flock 9
  install_docker
  build_binaries
  start_daemon
  build_images
  flock -u 9
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  trap stop_daemon EXIT
  prepare_engines
fi
