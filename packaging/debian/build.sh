#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh BUILD VERSION: testready-agent_*.deb and testready-collector_*.deb in
# build/deb. The libraries a package needs are read off its program.
set -eu
build=$1 version=$2
out=build/deb
arch=$(dpkg --print-architecture)
maintainer=$(sed -n 's/^Maintainer: //p' packaging/debian/agent.control)
# The time of the last commit, so that the same source gives the same package.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y VERSION)
export SOURCE_DATE_EPOCH

rm -rf "$out"
mkdir -p "$out"

# needs FIELD NAME PROGRAMS: the packages whose libraries these programs of the
# tree NAME are linked with, into the file FIELD.
needs() {
	field=$1 name=$2
	(
		cd "$out"
		# shellcheck disable=SC2046,SC2086 # lists of words
		dpkg-shlibdeps -O $(printf "$name/%s " $3) 2>/dev/null
	) | sed -n 's/^shlibs:Depends=//p' >"$out/$field"
}
for part in agent collector; do
	name=testready-$part
	tree=$out/$name
	sh packaging/install.sh "$build" "$tree" /usr /usr/share/testready /usr/share/man "$part"
	# Profiles belong to the collector; an agent gets its own from there.
	[ "$part" = collector ] || rm -rf "$tree/usr/share/testready"
	programs=usr/bin/$name optional=
	groups='' config=/etc/default/$name
	if [ "$part" = agent ]; then
		groups='audio input'
		config='/etc/testready/agent.conf /etc/testready/agent.conf.d /etc/testready/enrollment-key'
		install -d "$tree/etc/testready"
		install -m 644 packaging/examples/agent.conf "$tree/etc/testready/agent.conf"
		# Without these libraries a device says that it cannot ask about sound and queues.
		optional="usr/libexec/testready/alsa usr/libexec/testready/cups"
		programs="$programs usr/libexec/testready/network usr/libexec/testready/bluez"
	fi
	# shellcheck disable=SC2086 # lists of words
	(cd "$tree" && strip $programs $optional)
	find "$tree/usr/share/man" -name '*.1' -exec gzip -9n {} +
	install -d "$tree/usr/share/doc/$name" "$tree/DEBIAN"
	# Debian has them where systemd looks before /usr is there.
	mkdir -p "$tree/lib/systemd"
	mv "$tree/usr/lib/systemd/system" "$tree/lib/systemd/system"
	rmdir "$tree/usr/lib/systemd"
	for script in postinst prerm postrm; do
		sed -e "s#@NAME@#$name#;s#@GROUPS@#$groups#;s#@CONFIG@#$config#" \
			"packaging/debian/$script" >"$tree/DEBIAN/$script"
		chmod 755 "$tree/DEBIAN/$script"
	done
	install -d "$tree/usr/share/lintian/overrides"
	echo "$name: initial-upload-closes-no-bugs" >"$tree/usr/share/lintian/overrides/$name"
	(cd "$tree" && find etc -type f 2>/dev/null | sed 's#^#/#') >"$tree/DEBIAN/conffiles"
	[ -s "$tree/DEBIAN/conffiles" ] || rm "$tree/DEBIAN/conffiles"
	install -m 644 packaging/debian/copyright "$tree/usr/share/doc/$name/copyright"
	gzip -9nc CHANGELOG.md >"$tree/usr/share/doc/$name/changelog.gz"
	printf '%s (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- %s  %s\n' \
		"$name" "$version" "$maintainer" "$(date -uRd "@$SOURCE_DATE_EPOCH")" |
		gzip -9n >"$tree/usr/share/doc/$name/changelog.Debian.gz"
	mkdir -p "$out/debian"
	printf 'Source: testready\n\nPackage: %s\nArchitecture: any\n' "$name" >"$out/debian/control"
	needs Depends "$name" "$programs"
	: >"$out/Recommends"
	[ -z "$optional" ] || needs Recommends "$name" "$optional"
	size=$(du -sk --exclude=DEBIAN "$tree" | cut -f1)
	sed -e "s/@VERSION@/$version-1/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" \
		-e "s/@Depends@/$(cat "$out/Depends")/" -e "s/@Recommends@/$(cat "$out/Recommends")/" \
		"packaging/debian/$part.control" >"$tree/DEBIAN/control"
	dpkg-deb --root-owner-group --build "$tree" "$out/${name}_$version-1_$arch.deb" >/dev/null
	echo "$out/${name}_$version-1_$arch.deb"
done
rm -rf "$out/debian" "$out/Depends" "$out/Recommends"
