# Names and versions of the real engines, and the folder outside the checkout that keeps what is slow to make.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${LONGPOLE_CACHE:-$HOME/.cache/longpole}

# The images are those that docker-compose.yml and Dockerfile name.
COLLECTOR_IMAGE=$(sed -n 's/^ *image: \(otel\/.*\)$/\1/p' "$ROOT/docker-compose.yml")
JAEGER_IMAGE=$(sed -n 's/^ *image: \(jaegertracing\/.*\)$/\1/p' "$ROOT/docker-compose.yml")
NODE_IMAGE=$(sed -n 's/^FROM \(node:[^ ]*\)$/\1/p' "$ROOT/Dockerfile")

COLLECTOR_VERSION=${COLLECTOR_IMAGE##*:}
# Jaeger's Go module carries no /v2: the newest release that `go` resolves is v1.76.0, the same tree as 2.13.0.
JAEGER_MODULE=v1.76.0
JAEGER_VERSION=2.13.0
NODE_VERSION=$(sed -n 's/^ *"node": "\([0-9]*\.[0-9]*\.[0-9]*\)".*/\1/p' "$ROOT/package.json")
NPM_VERSION=11.21.2
COMPOSE_VERSION=2.40.3

CA_BUNDLE=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}

# Debian ships no buildx: images are built by the daemon's classic builder.
export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0

say() { printf 'engines: %s\n' "$*"; }
fail() {
  printf 'engines: failed: %s\n' "$*" >&2
  exit 1
}

# quietly NAME COMMAND…: runs a command, shows its output only if it fails, and says how long it took.
quietly() {
  local name=$1 log started=$SECONDS
  shift
  mkdir -p "$CACHE/log"
  log=$CACHE/log/${name//[^a-zA-Z0-9.]/-}.log
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "$name (whole output: $log)"
  fi
  say "$name: $((SECONDS - started)) s"
}
