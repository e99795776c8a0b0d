#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check every #include against the table includes.txt: who may include whom."""
import os
import re
import subprocess
import sys

OURS = ("agent/", "collector/", "common/")
# Third-party headers that have one owner; all others (libc, kernel) are free.
OWNED = re.compile(r"^(jansson|libudev|sqlite3|libpq-fe|microhttpd|sodium|csv|ini|zstd)\.h$"
                   r"|^(curl|systemd|libical|yajl|cups|alsa|openssl|nettle)/")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def read_table(path):
    table = {}
    for line in open(path, encoding="utf-8"):
        words = line.split("#")[0].split()
        if words:
            table[words[0]] = words[1:]
    return table


def allowed_for(table, path):
    allowed = [os.path.dirname(path)]
    for who, what in table.items():
        if path == who or path.startswith(who + "/"):
            allowed += what
    return allowed


def is_allowed(include, allowed):
    return any(include == a or include.startswith(a + "/") for a in allowed)


def main():
    table = read_table(os.path.join(os.path.dirname(__file__), "includes.txt"))
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--",
                            *(o + "*.[ch]" for o in OURS)],
                           check=True, capture_output=True, text=True).stdout.split()
    bad = 0
    for path in files:
        if not os.path.exists(path):
            continue
        text = open(path, encoding="utf-8").read()
        allowed = allowed_for(table, path)
        for match in INCLUDE.finditer(text):
            include = match.group(1)
            if not include.startswith(OURS) and not OWNED.match(include):
                continue
            if not is_allowed(include, allowed):
                line = text.count("\n", 0, match.start()) + 1
                print(f"{path}:{line}: may not include {include}; see tests/lint/includes.txt")
                bad += 1
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
