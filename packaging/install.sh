#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh BUILD DESTDIR PREFIX DATADIR MANDIR [agent|collector]: put what was
# built where it belongs; both parts unless one is named.
set -eu
build=$1 destdir=$2 prefix=$3 datadir=$4 mandir=$5 part=${6:-both}

put() {
	mode=$1 to=$2
	shift 2
	install -d "$destdir$to"
	install -m "$mode" "$@" "$destdir$to"
}

man() {
	install -d "$destdir$mandir/man1"
	scdoc <"docs/man/$1.1.scd" >"$destdir$mandir/man1/$1.1"
}

# The unit $1.service with the programs where they are, and the user that it runs as.
unit() {
	install -d "$destdir$prefix/lib/systemd/system"
	sed "s#/usr/bin/testready#$prefix/bin/testready#;s#/usr/share/testready#$datadir#" \
		"packaging/systemd/$1.service" >"$destdir$prefix/lib/systemd/system/$1.service"
	chmod 644 "$destdir$prefix/lib/systemd/system/$1.service"
}

if [ "$part" != collector ]; then
	put 755 "$prefix/bin" "$build/testready-agent"
	unit testready-agent
	unit testready-agent-dmi
	put 644 "$prefix/lib/sysusers.d" packaging/sysusers.d/testready-agent.conf
	put 644 "$prefix/lib/tmpfiles.d" packaging/tmpfiles.d/testready-agent.conf
	put 755 "$prefix/libexec/testready" "$build"/helper/*
	man testready-agent
fi
if [ "$part" != agent ]; then
	put 755 "$prefix/bin" "$build/testready-collector"
	put 644 "$datadir/web" "$build"/web/*
	put 644 "$datadir/examples" packaging/examples/inventory.csv packaging/examples/sites.json
	unit testready-collector
	put 644 "$prefix/lib/sysusers.d" packaging/sysusers.d/testready-collector.conf
	man testready-collector
fi
put 644 "$datadir/profiles" packaging/profiles/*.json
