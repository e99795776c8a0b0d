# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to schools in whatever order, every number shown is that of its rows."""
import os
import re
import subprocess
import time

import harness

PROGRAM = os.path.join(harness.BUILD, "tests/property/property")
SEQUENCES = int(os.environ.get("SEQUENCES", "500"))
SEED = int(os.environ.get("SEED", time.time_ns() % 1000000))
SAID = re.compile(r"(\d+) sequences, (\d+) steps, (\d+) numbers, (\d+) known reports, "
                  r"seed \d+, 0 differences\n")


def start(first, sequences, *options):
    return subprocess.Popen([PROGRAM, "--seed", str(SEED), "--first", str(first), "--sequences",
                             str(sequences), *options], stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.STDOUT)


def test_counts_are_those_of_the_rows_whatever_happens():
    # Two at a time, as there are processors on the smallest machine that tests run on.
    half = SEQUENCES // 2
    parts = [start(0, half), start(half, SEQUENCES - half)]
    said = [part.communicate()[0] for part in parts]
    assert [part.returncode for part in parts] == [0, 0], "\n".join(said)
    sums = [sum(map(int, numbers)) for numbers in
            zip(*(SAID.fullmatch(text).groups() for text in said))]
    print(f"property: {sums[0]} sequences, {sums[1]} steps, {sums[2]} numbers compared, "
          f"{sums[3]} reports by their bytes and by reading them, seed {SEED}, 0 differences")
    assert sums[0] == SEQUENCES and sums[3] > SEQUENCES


def test_a_sequence_is_the_same_each_time():
    told = [start(7, 2, "--tell").communicate()[0] for _ in range(2)]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) > 200
