# Builds the real Collector, Jaeger and Compose v2 from their Go modules, once a version, into the cache.

BIN=$CACHE/bin
COLLECTOR_BINARY=$BIN/collector-$COLLECTOR_VERSION-$(sha256sum "$HERE/collector-components.yaml" | cut -c1-8)
JAEGER_BINARY=$BIN/jaeger-$JAEGER_MODULE
COMPOSE_BINARY=$BIN/docker-compose-$COMPOSE_VERSION

# build_module FILE MODULE@VERSION PACKAGE LINKER_FLAG: builds a command with its module's own go.mod and go.sum.
build_module() {
  local folder
  folder=$(go mod download -json "$2" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  [ -n "$folder" ] || return 1
  CGO_ENABLED=0 go build -C "$folder" -mod=readonly -trimpath -ldflags "-s -w $4" -o "$1.part" "$3" &&
    mv "$1.part" "$1"
}

# build_collector FILE: what the contrib distribution is made with, over the components that deploy/ uses.
build_collector() {
  local work=$CACHE/build/collector
  rm -rf "$work"
  mkdir -p "$work"
  sed "s/@VERSION@/$COLLECTOR_VERSION/" "$HERE/collector-components.yaml" >"$work/components.yaml"
  (cd "$work" && CGO_ENABLED=0 go run "go.opentelemetry.io/collector/cmd/builder@v$COLLECTOR_VERSION" --config components.yaml) &&
    mv "$work/out/otelcol-contrib" "$1"
}

# once NAME FILE COMMAND…: runs the build unless the cache has its file.
once() {
  local name=$1 file=$2
  shift 2
  [ -x "$file" ] && return
  command -v go >/dev/null || fail "needs go to build $name"
  mkdir -p "$BIN"
  quietly "build $name" "$1" "$file" "${@:2}"
}

build_binaries() {
  once "Collector $COLLECTOR_VERSION" "$COLLECTOR_BINARY" build_collector
  once "Jaeger $JAEGER_VERSION" "$JAEGER_BINARY" build_module \
    "github.com/jaegertracing/jaeger@$JAEGER_MODULE" ./cmd/jaeger \
    "-X github.com/jaegertracing/jaeger/internal/version.latestVersion=v$JAEGER_VERSION"
  once "Compose $COMPOSE_VERSION" "$COMPOSE_BINARY" build_module \
    "github.com/docker/compose/v2@v$COMPOSE_VERSION" ./cmd \
    "-X github.com/docker/compose/v2/internal.Version=v$COMPOSE_VERSION"
}
