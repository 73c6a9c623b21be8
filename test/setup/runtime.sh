#!/usr/bin/env bash
# Makes sure that the Node.js of node_modules starts: it needs a library that a minimal Debian lacks. Bash, since nothing else
# may run yet. Argument: the target of make.
set -euo pipefail
node --version >/dev/null 2>&1 && exit 0
packages=(libatomic1)
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing ${packages[*]}"
	{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "${packages[@]}"; } >/dev/null || true
	node --version >/dev/null && exit 0
fi
node --version || true
if [ "${1:-}" != demo ] && command -v dpkg-query >/dev/null; then
	# All at once: what the set-up would report next.
	while read -r name; do
		dpkg-query --status "$name" >/dev/null 2>&1 || packages+=("$name")
	done < <(sed -n 's/.*debian: "\([^"]*\)".*/\1/p' "$(dirname "$0")/programs.ts")
fi
echo "The Node.js of this project does not start. On Debian and Ubuntu this installs what is missing:"
echo "  sudo apt-get install ${packages[*]}"
[ "${1:-}" = demo ] || echo "0 passed, 1 failed"
exit 1
