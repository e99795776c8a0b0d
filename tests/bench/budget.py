# SPDX-License-Identifier: Apache-2.0
"""Whether a row of the benchmark is within its budget, by the words that people read.

A budget is one bound or several: "≥ 0.6" is of the ratio, "≤ 20 ms" of what is measured in that
unit on our side, of which the worst counts; any other word is how our side begins.
"""
import re

# What one of each is in the smallest of its kind.
UNITS = {"ms": ("time", 1), "s": ("time", 1000),
         "KiB": ("bytes", 1), "MiB": ("bytes", 1024), "GiB": ("bytes", 1024 * 1024)}
NUMBER = r"\d[\d,]*(?:\.\d+)?"
# "31.0, 41.2 ± 0.5 ms": every number that a unit is of, without its spread.
MEASURED = re.compile(rf"((?:{NUMBER}(?: ± {NUMBER})?, )*{NUMBER}(?: ± {NUMBER})?) (\w+)")
BOUND = re.compile(rf"([≤≥]) ({NUMBER})(?: (\w+))?")


def number(text):
    return float(text.replace(",", ""))


def measured(ours, kind):
    """All that @ours has of a kind of unit."""
    found = []
    for values, unit in MEASURED.findall(ours):
        of, size = UNITS.get(unit, (None, 0))
        if of == kind:
            found += [number(value.split(" ± ")[0]) * size for value in values.split(", ")]
    return found


def is_within(bound, ours, ratio):
    """Of one bound; None: it has nothing to be compared with."""
    parts = BOUND.fullmatch(bound)
    if not parts:
        return re.match(re.escape(bound) + r"(?![\w.])", ours) is not None
    how, limit, unit = parts[1], number(parts[2]), parts[3]
    if unit in UNITS:
        kind, size = UNITS[unit]
        values, limit = measured(ours, kind), limit * size
    else:
        values = [] if unit or ratio is None else [ratio]
    if not values:
        return None
    return max(values) <= limit if how == "≤" else min(values) >= limit


def is_met(budget, ours, ratio):
    """
    True or False; None where there is no budget. ValueError: a bound cannot be compared with
    anything in the row, so the row is written wrongly.
    """
    if not budget.strip():
        return None
    found = {bound: is_within(bound, ours, ratio) for bound in budget.strip().split(", ")}
    for bound, within in found.items():
        if within is None:
            raise ValueError(f"'{bound}' is of nothing in '{ours}', ratio {ratio}")
    return all(found.values())
