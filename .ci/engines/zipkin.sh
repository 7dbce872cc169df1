# Fetches the real Zipkin, a runnable jar, from Maven Central, once a version, into the cache.

ZIPKIN_VERSION=3.5.1
ZIPKIN_JAR=$CACHE/bin/zipkin-server-$ZIPKIN_VERSION-exec.jar

# copy_zipkin FILE: by Maven, which knows the machine's repositories and checks the sum.
copy_zipkin() {
  local work=$CACHE/build/zipkin
  mkdir -p "$work"
  mvn -q -B dependency:copy "-Dartifact=io.zipkin:zipkin-server:$ZIPKIN_VERSION:jar:exec" "-DoutputDirectory=$work" &&
    mv "$work/zipkin-server-$ZIPKIN_VERSION-exec.jar" "$1"
}

install_java() {
  local missing=()
  command -v java >/dev/null || missing+=(default-jre-headless)
  [ -f "$ZIPKIN_JAR" ] || command -v mvn >/dev/null || missing+=(maven)
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || fail "needs ${missing[*]} and knows only apt-get to install them"
  [ "$(id -u)" -eq 0 ] || fail "needs root to install ${missing[*]}"
  quietly "apt-get update" apt-get update
  quietly "install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

fetch_zipkin() {
  install_java
  [ -f "$ZIPKIN_JAR" ] && return
  mkdir -p "$CACHE/bin"
  quietly "fetch Zipkin $ZIPKIN_VERSION" copy_zipkin "$ZIPKIN_JAR"
}
