#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SECONDS FUZZER...: replay each fuzzer's corpus, then look for new inputs
# for SECONDS. New ones stay under build/; an input that crashes is printed and
# belongs into tests/fuzz/corpus/ once the crash is mended.
set -eu
seconds=$1
shift
for fuzzer; do
	name=${fuzzer##*/}
	found=build/corpus/$name
	mkdir -p "$found"
	set --
	[ -d "tests/fuzz/corpus/$name" ] && set -- "tests/fuzz/corpus/$name"
	log=build/corpus/$name.log
	if ! "$fuzzer" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=1024 -timeout=10 \
		-artifact_prefix="build/corpus/$name-" "$found" "$@" >"$log" 2>&1; then
		cat "$log"
		echo "$name: failed"
		exit 1
	fi
	echo "$name: $(grep -oE 'Done [0-9]+ runs in [0-9]+ second' "$log" | tail -n 1)s"
done
