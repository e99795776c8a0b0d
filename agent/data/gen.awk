# SPDX-License-Identifier: Apache-2.0
#
# Turn data files into the rows of a C table, to be included between its braces.
#
#   X.csv      columns divided by ";"; the first line that is no comment names the members
#   X.browser  NAME=VALUE lines; a file is a row, and has a line for each member
#
# A value is a text; an empty one is left out, so that it is NULL.

function text(value)
{
	if (value ~ /["\\]/)
		fail("quotes and backslashes cannot be in a value")
	return "\"" value "\""
}

function member(name, value)
{
	return value == "" ? "" : " ." name " = " text(value) ","
}

function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

# The row of the file that was read, which is @file.
function flush_browser(file)
{
	if (row == "")
		return
	for (i = split("product vendors folders launcher", wanted, " "); i > 0; i--)
		if (row !~ "[.]" wanted[i] " = ") {
			printf "%s: it has no line %s=…\n", file, wanted[i] > "/dev/stderr"
			failed = 1
			exit 1
		}
	printf "{%s },\n", row
	row = ""
}

FNR == 1 {
	flush_browser(last)
	last = FILENAME
	n = 0
}

/^#/ || /^[ \t]*$/ { next }

FILENAME ~ /\.browser$/ {
	at = index($0, "=")
	if (at == 0)
		fail("expected NAME=VALUE")
	row = row member(substr($0, 1, at - 1), substr($0, at + 1))
	next
}

n == 0 {
	n = split($0, names, ";")
	next
}

{
	if (split($0, values, ";") != n)
		fail("expected " n " columns, as the first line names them")
	row = ""
	for (i = 1; i <= n; i++)
		if (names[i] != "source")
			row = row member(names[i], values[i])
	printf "{%s },\n", row
	row = ""
}

END {
	if (!failed)
		flush_browser(last)
}
