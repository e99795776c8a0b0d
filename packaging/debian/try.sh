#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# try.sh BUILD: show in a clean Debian, made by debootstrap in build/chroot, that the
# package of the agent installs, enrols at a collector on this machine, upgrades
# without losing who it is, and purges clean. Needs root, debootstrap, jq and a mirror. systemd
# does not run in there, so the service is started as its unit would: as its user.
set -eu
build=$1
root=build/chroot
work=build/try
base=build/chroot-base
collector=
agent=

step() {
	printf '\n== %s\n' "$*"
}
fail() {
	echo "FAILED: $*" >&2
	exit 1
}
inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
}
clean() {
	[ -z "$agent" ] || kill "$agent" 2>/dev/null || true
	[ -z "$collector" ] || kill "$collector" 2>/dev/null || true
	umount "$root/proc" 2>/dev/null || true
}
trap clean EXIT

# start LOG: the service, as testready-agent.service has it, and wait until it has reported.
start() {
	inside runuser -u testready-agent -- testready-agent run --start-spread 0 >"$work/$1" 2>&1 &
	agent=$!
	timeout 60 sh -c "until grep -Eq 'delivered|Nothing has changed' '$work/$1'; do sleep 0.2; done" ||
		{ cat "$work/$1"; fail "the agent did not report"; }
	cat "$work/$1"
}
# Not the shell's child, which is runuser: the service itself, as a service manager would.
stop() {
	kill "$(cat "$root/var/lib/testready-agent/service.lock")"
	wait "$agent" || fail "the service did not end well"
	agent=
}
device() {
	jq -r .device_id "$root/var/lib/testready-agent/identity.json"
}

rm -rf "$root" "$work"
mkdir -p "$work"
[ -e "$base/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$base" >"$work/debootstrap.log"
cp -a "$base" "$root"
mount -t proc proc "$root/proc"
version=$(cat VERSION)
sh packaging/debian/build.sh "$build" "$version" >/dev/null
cp build/deb/testready-agent_"$version"-1_*.deb "$root/tmp/agent-1.deb"
sh packaging/debian/build.sh "$build" "$version.1" >/dev/null
cp build/deb/testready-agent_"$version.1"-1_*.deb "$root/tmp/agent-2.deb"

step "a collector on this machine"
"$build/testready-collector" site import packaging/examples/sites.json --store "$work/store.db" >/dev/null
"$build/testready-collector" profile publish packaging/profiles/example.json --store "$work/store.db"
"$build/testready-collector" serve --store "$work/store.db" --listen 127.0.0.1:0 \
	--admin-token-file "$work/token" >"$work/listen" 2>"$work/collector.log" &
collector=$!
timeout 20 sh -c "until grep -q listening '$work/listen'; do sleep 0.1; done"
url=$(sed -n 's/^listening on //p' "$work/listen")
site=$(jq -r '.sites[0].code' packaging/examples/sites.json)
echo "$url, site $site"

step "dpkg -i in a clean Debian"
inside apt-get -qq update
inside apt-get -qq install --no-install-recommends -y libc6 adduser >/dev/null 2>&1
# Everything that is needed besides, so that what follows is dpkg's work alone.
inside apt-get -qq install --no-install-recommends -y --download-only /tmp/agent-1.deb >/dev/null 2>&1
inside apt-get -qq install --no-install-recommends -y libcurl4 libinih1 libjansson4 libsodium23 libssl3 libsystemd0 libudev1 >/dev/null 2>&1
inside find /etc /var /usr /lib -xdev | sort >"$work/before"
cp "$root/etc/passwd" "$work/passwd"
inside dpkg -i /tmp/agent-1.deb
inside id testready-agent
inside ls -ld /var/lib/testready-agent /etc/testready/agent.conf /lib/systemd/system/testready-agent.service

step "installing again is quiet and changes nothing"
inside dpkg -i /tmp/agent-1.deb
inside ls -l /etc/systemd/system/multi-user.target.wants/testready-agent.service

step "enrol from agent.conf and a key file, and report"
"$build/testready-collector" enrollment-key add --site "$site" --key-only --store "$work/store.db" >"$root/etc/testready/enrollment-key"
inside chgrp testready-agent /etc/testready/enrollment-key
inside chmod 640 /etc/testready/enrollment-key
printf 'url = %s\nkey_file = /etc/testready/enrollment-key\n' "$url" >>"$root/etc/testready/agent.conf"
start first.log
inside runuser -u testready-agent -- testready-agent status || true
stop
first=$(device)

step "upgrade to a higher version"
inside dpkg -i --force-confold /tmp/agent-2.deb
inside dpkg-query -W testready-agent
start second.log
stop
[ "$(device)" = "$first" ] || fail "the device has another identity: $first, $(device)"
echo "the identity is the same: $first"

step "remove keeps who it is, purge does not"
inside dpkg -r testready-agent
[ -e "$root/var/lib/testready-agent/identity.json" ] || fail "remove lost the identity"
inside dpkg -P testready-agent
inside find /etc /var /usr /lib -xdev | sort >"$work/after"
# dpkg's own records, and the backups that adduser makes, are not the package's.
diff "$work/before" "$work/after" | grep -Ev '^[0-9]|/var/(log|cache|lib/dpkg)|(passwd|group|shadow|subuid|subgid)-$' &&
	fail "that is left or gone"
diff "$work/passwd" "$root/etc/passwd" || fail "the user is left"
echo "nothing is left"
printf '\nall steps passed\n'
