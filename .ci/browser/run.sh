#!/usr/bin/env bash
# The page in a real browser. Installs Debian's Chromium when there is none and the machine lets us.
set -euo pipefail
cd "$(dirname "$0")/../.."

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if [ -z "${CHROMIUM:-}" ] && ! find_chromium >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Chromium with apt-get"
    apt-get install -y -qq chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }
  else
    echo "error: the browser tests need Chromium: install it, or set CHROMIUM to its path." >&2
    exit 1
  fi
fi
CHROMIUM=${CHROMIUM:-$(find_chromium)}
export CHROMIUM
npm run --silent build
exec npx jest --config test/browser/jest.config.ts "$@"
