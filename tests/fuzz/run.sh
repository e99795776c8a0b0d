#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SECONDS FUZZER...: replay each fuzzer's corpus, then look for new inputs
# for SECONDS, as many fuzzers at a time as there are processors. New inputs stay
# under build/; one that crashes is printed and belongs into tests/fuzz/corpus/ once
# the crash is mended.
set -eu
seconds=$1
shift
if [ $# -gt 1 ]; then
	printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" "$seconds"
	exit
fi

name=${1##*/}
found=build/corpus/$name
log=build/corpus/$name.log
mkdir -p "$found"
corpus=
[ -d "tests/fuzz/corpus/$name" ] && corpus=tests/fuzz/corpus/$name
if ! "$1" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=1024 -timeout=10 \
	-artifact_prefix="build/corpus/$name-" "$found" ${corpus:+"$corpus"} >"$log" 2>&1; then
	cat "$log"
	echo "$name: failed"
	exit 1
fi
echo "$name: $(grep -aoE 'Done [0-9]+ runs in [0-9]+ second' "$log" | tail -n 1)s"
