# SPDX-License-Identifier: Apache-2.0
"""Whether a row of the benchmark is within its budget, by the words that people read."""
import os
import sys

import pytest

import harness

sys.path.insert(0, os.path.join(harness.ROOT, "tests/bench"))
import budget  # noqa: E402


@pytest.mark.parametrize("bound, ours, ratio, met", [
    ("", "8.3 ms", 0.15, None),
    (" ", "8.3 ms", 0.15, None),
    ("≤ 0.5", "8.3 ± 1.5 ms", 0.5, True),
    ("≤ 0.5", "0.3 ms", 0.51, False),
    ("≥ 1.2", "19,548 ± 3,517 /s, 2.3 % told to come back", 1.05, False),
    ("≥ 1.2", "19,548 ± 3,517 /s", 1.2, True),
    # The median counts, not its spread; of several the worst.
    ("≤ 50 ms", "49.9 ± 12.9 ms", None, True),
    ("≤ 50 ms", "50.1 ± 0.1 ms", None, False),
    ("≤ 20 ms", "0.4, 20.5, 0.4 ms", None, False),
    ("≤ 1.2, ≤ 20 ms", "18.0, 19.2, 20.0 ms", 1.2, True),
    ("≤ 1.2, ≤ 20 ms", "18.0, 19.2, 20.0 ms", 1.37, False),
    ("≤ 1.2, ≤ 20 ms", "31.0, 41.2, 42.6 ms", 1.1, False),
    ("≤ 50 ms", "0.06 s", None, False),
    ("≤ 1 MiB", "1,024 KiB", None, True),
    ("≤ 1 MiB", "1,025 KiB", None, False),
    ("≤ 150 MiB", "149 MiB PSS, 80 of it its own", None, True),
    ("0", "0 wake-ups", None, True),
    ("0", "0.5 wake-ups", None, False),
    ("0", "10 wake-ups", None, False),
    ("one", "one, the final state", None, True),
    ("one", "NOT ONE", None, False),
])
def test_a_row_is_within_its_budget_or_is_not(bound, ours, ratio, met):
    assert budget.is_met(bound, ours, ratio) is met


@pytest.mark.parametrize("bound, ours, ratio", [
    ("≤ 0.5", "8.3 ms", None), ("≤ 20 ms", "8 MiB", 1.0), ("≤ 20 furlongs", "8 furlongs", 1.0)])
def test_a_budget_of_what_is_not_in_the_row_is_said(bound, ours, ratio):
    with pytest.raises(ValueError, match="is of nothing in"):
        budget.is_met(bound, ours, ratio)
