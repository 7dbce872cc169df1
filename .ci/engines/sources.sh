#!/usr/bin/env bash
# Test of the sources: the real Jaeger, Zipkin and Collector as plain processes, read by every source of the observatory.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
source "$HERE/binaries.sh"
source "$HERE/zipkin.sh"

if [ "${ENGINES:-}" = published ]; then
  say "left out the test of the sources: ENGINES=published has images, and it needs the engines as processes"
  exit 0
fi

mkdir -p "$CACHE/build"
exec 9>"$CACHE/lock"
flock 9
build_binaries
fetch_zipkin
flock -u 9
exec 9>&-

cd "$ROOT"
export COLLECTOR_BINARY JAEGER_BINARY ZIPKIN_JAR
npx --no-install jest -c test/engines/sources/jest.config.ts || fail "the assertions of the sources"
say "read Jaeger $JAEGER_VERSION, Zipkin $ZIPKIN_VERSION and files of Collector $COLLECTOR_VERSION in $SECONDS s"
