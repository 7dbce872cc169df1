# Installs Docker from Debian's packages where it is missing, starts a daemon if none runs, and stops only the one it started.

DAEMON_PID=
DAEMON_STATE=/run/longpole-docker

install_docker() {
  local missing=() command
  declare -A package=([dockerd]=docker.io [docker-compose]=docker-compose [debootstrap]=debootstrap [iptables]=iptables)
  for command in "${!package[@]}"; do
    command -v "$command" >/dev/null || missing+=("${package[$command]}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || fail "needs ${missing[*]} and knows only apt-get to install them"
  [ "$(id -u)" -eq 0 ] || fail "needs root to install ${missing[*]}"
  quietly "apt-get update" apt-get update
  quietly "install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

# forget_killed_daemon: a daemon that was killed leaves its containerd behind, and pid files whose numbers may be others' by now.
# The folder itself stays: with it the next daemon finds and ends the containers that were left running.
forget_killed_daemon() {
  local file pid
  for file in "$DAEMON_STATE"/docker.pid "$DAEMON_STATE"/containerd/containerd.pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    case $(cat "/proc/$pid/comm" 2>/dev/null) in
      dockerd | containerd) kill "$pid" && tail --pid "$pid" -f /dev/null ;;
    esac
    rm -f "$file"
  done
}

start_daemon() {
  docker info >/dev/null 2>&1 && return
  [ "$(id -u)" -eq 0 ] || fail "no Docker daemon answers, and only root can start one"
  mkdir -p "$CACHE/log"
  forget_killed_daemon
  setsid dockerd --exec-root "$DAEMON_STATE" --pidfile "$DAEMON_STATE/docker.pid" \
    >"$CACHE/log/dockerd.log" 2>&1 </dev/null 9>&- &
  DAEMON_PID=$!
  local deadline=$((SECONDS + 60))
  until docker info >/dev/null 2>&1; do
    kill -0 "$DAEMON_PID" 2>/dev/null || { tail -n 20 "$CACHE/log/dockerd.log" >&2; fail "dockerd ended at its start"; }
    [ $SECONDS -lt $deadline ] || fail "dockerd did not answer within 60 s (see $CACHE/log/dockerd.log)"
    sleep 0.5
  done
  say "started dockerd $(docker version --format '{{.Server.Version}}') (pid $DAEMON_PID)"
}

stop_daemon() {
  [ -n "$DAEMON_PID" ] || return 0
  kill "$DAEMON_PID" 2>/dev/null || true
  wait "$DAEMON_PID" 2>/dev/null || true
  say "stopped dockerd (pid $DAEMON_PID)"
  DAEMON_PID=
}
