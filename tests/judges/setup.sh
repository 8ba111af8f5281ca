#!/usr/bin/env bash
# Installs the judges: programs that others wrote, which tests/judges lets look at what trailcheck writes.
# As root on Debian it installs what they need, too. What is missing elsewhere is skipped by the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  packages=()
  command -v npm >/dev/null || packages+=(nodejs npm)
  command -v chromium >/dev/null || packages+=(chromium)
  command -v java >/dev/null || packages+=(default-jre-headless)
  command -v pdftotext >/dev/null || packages+=(poppler-utils)
  if [ "${#packages[@]}" -gt 0 ]; then
    echo "Installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends "${packages[@]}"; } >/dev/null \
      || echo "apt-get could not install them: tests that need them will be skipped." >&2
  fi
fi

if ! command -v npm >/dev/null; then
  echo "npm is missing: tests that need its packages will be skipped." >&2
  exit 0
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
  || echo "npm could not install the judges: tests that need them will be skipped." >&2
