#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check what every source file has: licence line, size, no path of a machine, no TODO."""
import re
import subprocess
import sys

SOURCES = (".c", ".h", ".py", ".sh", ".ts", ".tsx", ".mjs", ".sql", ".scss", ".css")
LINES_MAX = 600
# A TODO needs a decision record; a machine's path has no place in the project.
FORBIDDEN = [(re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work belongs into an issue"),
             (re.compile(r"(?<![\w.])/(work|farm)/"), "a path of a machine")]


def main():
    files = subprocess.run(["git", "ls-files"], check=True, capture_output=True,
                           text=True).stdout.split("\n")
    bad = []
    for path in filter(None, files):
        # What lies in the root of a recorded machine is that machine's.
        if not path.endswith(SOURCES) or path == "tests/lint/sources.py" or ".root/" in path:
            continue
        try:
            text = open(path, encoding="utf-8").read()
        except FileNotFoundError:
            continue
        lines = text.split("\n")
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
            bad.append(f"{path}:1: no SPDX-License-Identifier: Apache-2.0 in the first lines")
        if len(lines) > LINES_MAX + 1:
            bad.append(f"{path}: {len(lines)} lines, at most {LINES_MAX}: split along an idea")
        for number, line in enumerate(lines, 1):
            for pattern, why in FORBIDDEN:
                if pattern.search(line):
                    bad.append(f"{path}:{number}: {why}: {line.strip()[:60]}")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
