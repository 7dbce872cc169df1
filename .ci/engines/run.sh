#!/usr/bin/env bash
# Engine test: the repository's own docker-compose.yml, unchanged, with a real Collector and a real Jaeger under a real Docker.
# ENGINES=published uses the images of the registry instead of local stand-ins (needs Docker and Compose installed).
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

export COMPOSE_PROJECT_NAME=longpole-engines
COMPOSE=
cd "$ROOT"

bring_down_containers() {
  "$COMPOSE" down --volumes --timeout 10 >/dev/null 2>&1 || say "could not take down $COMPOSE_PROJECT_NAME"
  COMPOSE=
}

# bring_down shows the last lines of every container if the run failed, then removes all it started.
bring_down() {
  local status=$?
  trap - EXIT
  if [ -n "$COMPOSE" ]; then
    [ $status -eq 0 ] || { "$COMPOSE" ps; "$COMPOSE" logs --tail 25; } >&2 2>&1 || true
    bring_down_containers
  fi
  stop_daemon
  exit $status
}
trap bring_down EXIT
trap 'exit 130' INT TERM

# wait_healthy SECONDS: what `up --wait` of Compose v2 does, for v1, which has no such flag.
wait_healthy() {
  local deadline=$((SECONDS + $1)) states
  while :; do
    states=$("$COMPOSE" ps -q | xargs docker inspect --format \
      '{{.Name}} {{if ne .State.Status "running"}}{{.State.Status}}{{else if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}')
    grep -Eq ' (exited|dead|unhealthy)$' <<<"$states" && fail "a container is not well: $states"
    grep -Evq ' healthy$' <<<"$states" || return 0
    [ $SECONDS -lt $deadline ] || fail "not healthy within $1 s: $states"
    sleep 1
  done
}

# check NAME: the assertions, against whatever is up now.
check() {
  npx --no-install jest -c test/engines/jest.config.ts || fail "the assertions under $1"
}

run_with_v1() {
  COMPOSE=docker-compose
  "$COMPOSE" down --volumes >/dev/null 2>&1
  quietly "docker-compose up -d --build (Compose v1)" "$COMPOSE" up -d --build
  wait_healthy 90
  check "Compose v1"
  bring_down_containers
}

run_with_v2() {
  COMPOSE=$1
  quietly "docker compose up --wait (Compose v2)" env DOCKER_BUILDKIT=1 "$COMPOSE" up --wait --build
  check "Compose v2"
  bring_down_containers
}

if [ "${ENGINES:-}" = published ]; then
  COMPOSE_BINARY=$(docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Path}}{{end}}{{end}}')
  [ -n "$COMPOSE_BINARY" ] || fail "ENGINES=published needs the compose plugin of Docker"
  engines="the published images"
else
  prepare_engines
  engines="Collector $COLLECTOR_VERSION and Jaeger $JAEGER_VERSION (as $JAEGER_IMAGE)"
  run_with_v1
fi
run_with_v2 "$COMPOSE_BINARY"
say "ran docker-compose.yml with $engines in $SECONDS s"
