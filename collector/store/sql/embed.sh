#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Print the migrations, files named NNNN-what.sql, as a C table for store/migrate.c:
#   embed.sh 0001-initial.sql … > migrations.h
# Each has a number of its own, or a store would never have the second of two.
set -eu
last=0
echo '/* Made by collector/store/sql/embed.sh. */'
echo 'static const struct migration migrations[] = {'
for file in "$@"; do
	name=${file##*/}
	name=${name%.sql}
	number=${name%%-*}
	# Leading zeros would make the number octal in C.
	number=${number#"${number%%[!0]*}"}
	if [ "$number" -le "$last" ]; then
		echo "$file: there is a migration $last already; give it the next number" >&2
		exit 1
	fi
	last=$number
	printf '{ %d, "%s",\n' "$number" "$name"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
	echo '},'
done
echo '};'
