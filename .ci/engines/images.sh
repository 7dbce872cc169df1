# Makes local stand-ins under the names that docker-compose.yml uses; an image that was pulled is left alone.

BASE_TAR=$CACHE/base/bookworm-slim.tar
BASE_IMAGE=longpole-engines/bookworm-slim
NODE_FOLDER=$CACHE/node-$NODE_VERSION-npm-$NPM_VERSION
CONTEXT=$CACHE/build/image

# make_base: a minimal Debian 12 as one tar, without what `slim` images leave out.
make_base() {
  local root=$CACHE/build/base
  rm -rf "$root"
  mkdir -p "$root" "${BASE_TAR%/*}"
  debootstrap --variant=minbase --include=ca-certificates,busybox-static bookworm "$root" || return 1
  rm -rf "$root"/var/cache/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
    "$root"/usr/share/{doc,man,locale,info}/*
  tar -C "$root" -cf "$BASE_TAR.part" . && mv "$BASE_TAR.part" "$BASE_TAR" && rm -rf "$root"
}

# fetch_node: Node's binary and npm, both as npm packages.
fetch_node() {
  local platform
  platform=$(node -p 'process.platform + "-" + process.arch')
  npm install --prefix "$NODE_FOLDER.part" --no-save --ignore-scripts --no-package-lock \
    "node-$platform@$NODE_VERSION" "npm@$NPM_VERSION" &&
    cp "$NODE_FOLDER.part/node_modules/node-$platform/bin/node" "$NODE_FOLDER.part/node" &&
    mv "$NODE_FOLDER.part/node_modules/npm" "$NODE_FOLDER.part/npm" &&
    rm -rf "$NODE_FOLDER.part/node_modules" && mv "$NODE_FOLDER.part" "$NODE_FOLDER"
}

# stand_in IMAGE RECIPE VERSION FILE…: builds unless an image of that name is there already, pulled or made from the same inputs.
stand_in() {
  local image=$1 recipe=$HERE/images/$2.Dockerfile version=$3 key found
  shift 3
  key=$({ cat "$recipe" "$CA_BUNDLE" "$HERE/settings.sh"; printf '%s\n' "$version" "$@"; } | sha256sum | cut -c1-16)
  if found=$(docker image inspect "$image" --format '{{index .Config.Labels "longpole.stand-in"}} {{index .Config.Labels "longpole.key"}}' 2>/dev/null); then
    case $found in "$version $key") return ;; " ") say "uses the published $image that is here"; return ;; esac
  fi
  rm -rf "$CONTEXT"
  mkdir -p "$CONTEXT"
  cp -r "$@" "$CONTEXT/"
  cp "$CA_BUNDLE" "$CONTEXT/ca-certificates.crt"
  quietly "image $image" docker build -q -t "$image" -f "$recipe" \
    --label "longpole.stand-in=$version" --label "longpole.key=$key" "$CONTEXT"
}

build_images() {
  [ -f "$BASE_TAR" ] || quietly "Debian base" make_base
  [ -d "$NODE_FOLDER" ] || quietly "Node $NODE_VERSION" fetch_node
  docker image inspect "$BASE_IMAGE" >/dev/null 2>&1 ||
    quietly "import Debian base" docker import "$BASE_TAR" "$BASE_IMAGE"
  cp "$COLLECTOR_BINARY" "$CACHE/build/otelcol-contrib"
  cp "$JAEGER_BINARY" "$CACHE/build/jaeger-linux"
  stand_in "$NODE_IMAGE" node "$NODE_VERSION" "$NODE_FOLDER/node" "$NODE_FOLDER/npm"
  stand_in "$COLLECTOR_IMAGE" collector "$COLLECTOR_VERSION" "$CACHE/build/otelcol-contrib"
  stand_in "$JAEGER_IMAGE" jaeger "$JAEGER_VERSION" "$CACHE/build/jaeger-linux"
}
