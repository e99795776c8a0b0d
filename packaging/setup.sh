#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Install the Debian packages of the list $1 that are missing. A line "package|command"
# is satisfied by the command as well, wherever it comes from. Running it again
# changes nothing.
set -eu

missing=
while read -r line; do
	case $line in '' | '#'*) continue ;; esac
	package=${line%%|*}
	case $line in
	*'|'*) command -v "${line#*|}" >/dev/null && continue ;;
	esac
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done <"$1"

[ -n "$missing" ] || exit 0
echo "installing:$missing"
sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "as root, run: apt-get install --no-install-recommends$missing" >&2
		exit 1
	fi
	sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get -qq update
# shellcheck disable=SC2086 # a list of words
$sudo apt-get -qq install --no-install-recommends -y $missing >/dev/null
