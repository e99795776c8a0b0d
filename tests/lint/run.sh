#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The lints that need no compiler. Each prints what is wrong and where.
set -u
bad=0
fail() {
	echo "$*" >&2
	bad=1
}

/usr/bin/python3 tests/lint/includes.py || bad=1
/usr/bin/python3 tests/lint/sources.py || bad=1

# SQL that only one of the two databases speaks.
# shellcheck disable=SC2046 # names without spaces
if grep -nEi 'INSERT OR|REPLACE INTO|AUTOINCREMENT|PRAGMA|WITHOUT ROWID|ILIKE|BIGSERIAL|SERIAL PRIMARY' \
	$(git ls-files 'collector/store/*.c' 'collector/store/sql/*.sql' | grep -v "db_sqlite"); then
	fail "SQL must be what SQLite and PostgreSQL both speak; the rest belongs into the driver"
fi

# shellcheck disable=SC2046 # names without spaces
shellcheck $(git ls-files '*.sh' .ci/run) || bad=1
# The Spanish words are not English.
# shellcheck disable=SC2046
codespell --quiet-level=2 --ignore-words-list=fo,te,ans,statics,ket,hda,sies,chekc,sise,leas,nd,exampel,memor \
	$(git ls-files '*.md' '*.c' '*.h' '*.py' '*.sh' '*.scd' '*.ts' '*.tsx' '*.yaml' '*.txt' ':!collector/web/strings_es*') || bad=1
# Those that are broken are so to be refused.
for json in $(git ls-files '*.json' ':!tests/cases/profile/broken'); do
	jq -e . "$json" >/dev/null || fail "$json: not JSON"
done
exit $bad
