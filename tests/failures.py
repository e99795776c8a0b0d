# SPDX-License-Identifier: Apache-2.0
"""What failed and why, out of what cmocka, pytest and Node's runner printed.

Each reader gives a list of (test, lines of its own message); section() is what is shown of them last,
for where only the end of a log is kept.
"""
import re

LINES = 15  # of one message
SECTION_LINES = 90  # of all together, so that it is whole in a log's last hundred
COLUMNS = 300


def of_unit(output):
    """A test's message is what is printed between its start and its end; a crash has no end."""
    found, name, lines = [], None, []
    for line in output.splitlines():
        if start := re.match(r"\[ RUN      \] (\w+)$", line):
            name, lines = start[1], []
        elif end := re.match(r"\[( {7}OK|  FAILED ) \] (\w+)$", line):
            if end[2] == name and "FAILED" in end[1]:
                found.append((name, lines))
            # After the last test the failed ones are listed again.
            name = None
        elif name:
            lines.append(line)
    if name:
        found.append((name, [*lines, "the program ended in the middle of this test"]))
    return found


def of_pytest(suite):
    """@suite: the element of a junit file. The assertion, and where it is."""
    found = []
    for case in suite.iter("testcase"):
        for fault in [*case.findall("failure"), *case.findall("error")]:
            told = (fault.text or "").splitlines()
            marked = [line[1:].strip() for line in told if re.match(r"E( |$)", line)]
            places = [line for line in told if re.match(r"(?![E> ]).+:\d+: ", line)][-1:]
            lines = marked[:LINES - 1] if marked else told[-(LINES - 1):]
            name = "::".join(filter(None, [case.get("classname"), case.get("name")]))
            found.append((name, lines + places))
    return found


def of_node(output):
    """Of TAP the leaves: that a test in it failed is no message of the group around it."""
    lines, found = output.splitlines(), []
    for at, line in enumerate(lines):
        failed = re.match(r"( *)not ok \d+ - (.*)$", line)
        if not failed:
            continue
        message = tap_block(lines[at + 1:], failed[1] + "  ")
        if "failureType: 'subtestsFailed'" in message:
            continue
        found.append((failed[2], tap_message(message) + said_before(lines[:at])))
    return found


def tap_block(lines, indent):
    block = []
    if lines and lines[0] == indent + "---":
        for line in lines[1:]:
            if line == indent + "...":
                break
            block.append(line.removeprefix(indent))
    return block


def tap_message(block):
    """Where, what, and the stack's first lines; the values are in the error."""
    parts, key = {}, ""
    for line in block:
        if begun := re.match(r"(\w+): ?(.*)$", line):
            key = begun[1]
            parts[key] = [] if begun[2] in ("|-", "|") else [begun[2].strip("'")]
        else:
            parts.setdefault(key, []).append(line.removeprefix("  "))
    error = [line for line in parts.get("error", []) if line.strip()]
    return parts.get("location", []) + error[:LINES - 4] + parts.get("stack", [])[:3]


def said_before(lines):
    """What a file that cannot be run printed, without its stack."""
    said = []
    for line in reversed(lines):
        if not line.startswith("# "):
            break
        if not line.startswith(("# Subtest: ", "#     at ")):
            said.insert(0, line[2:])
    return said


def section(failed):
    """@failed: (suite, test, lines) of all suites. Every test by name, of each as much as there is room for."""
    if not failed:
        return []
    most = max(0, min(LINES, SECTION_LINES // len(failed) - 1))
    told = ["failed:"]
    for suite, test, lines in failed:
        told.append(f"  {suite}: {test}"[:COLUMNS])
        shown = [line if len(line) <= COLUMNS else line[:COLUMNS] + "…" for line in lines[:most]]
        if 0 < most < len(lines):
            shown[-1] += " …"
        told += ["      " + line for line in shown]
    return told
