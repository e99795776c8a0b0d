# SPDX-License-Identifier: Apache-2.0
"""A second evaluator, written from docs/profiles.md and not from common/eval.

It is here to disagree: where it and the C one differ, one of them or the document is
wrong. So it has the document's chapters and words, and shares no code or table with C.
A check gives True (holds), False (does not hold) or None (not known).
"""
import re

UNKNOWN = object()  # a fact that is not known, which is not the same as any value


# --- Unknown is not pass -----------------------------------------------------------------

def is_unknown(value):
    return isinstance(value, dict) and list(value) == ["unknown"]


def find(within, path):
    """The fact at @path; each step is looked at."""
    value = within
    for step in [] if path == "." else path.split("."):
        if is_unknown(value) or not isinstance(value, dict) or step not in value:
            return UNKNOWN
        value = value[step]
    return UNKNOWN if is_unknown(value) else value


def find_kind(within, path, kind):
    """The same; of another kind than it should be is unknown too. True is no number."""
    value = find(within, path)
    return value if type(value) is kind else UNKNOWN


# --- Joined: what becomes of an unknown --------------------------------------------------

def all_of(answers):
    answers = list(answers)
    return False if False in answers else None if None in answers else True


def any_of(answers):
    answers = list(answers)
    return True if True in answers else None if None in answers else False


def opposite(answer):
    return None if answer is None else not answer


# --- Versions ----------------------------------------------------------------------------

def is_version(text):
    return re.match(r"[0-9]", text) is not None and len(text.encode()) <= 64


def parts_of(version):
    """[14, 0] for "14.0b3": numbers joined by dots, up to what is neither."""
    return [int(part) for part in re.match(r"[0-9]+(\.[0-9]+)*", version).group().split(".")]


def compare(a, b):
    """Below 0: the parts @a are older. A part that is missing is 0."""
    longest = max(len(a), len(b))
    a, b = a + [0] * (longest - len(a)), b + [0] * (longest - len(b))
    return (a > b) - (a < b)


def in_range(parts, entry):
    low, dots, high = entry.partition("..")
    if compare(parts, parts_of(low)) < 0:
        return False
    if dots and not high:
        return True
    high = parts_of(high or low)
    # Only as many parts are compared as the upper end has.
    return compare(parts[:len(high)], high) <= 0


def in_set(version, text):
    """Whether the text @version is in the set; None where it is no version."""
    if not is_version(version):
        return None
    parts = parts_of(version)
    inside = False
    for entry in (entry.strip(" ") for entry in text.split(",")):
        hole = entry.startswith("except ")
        if in_range(parts, entry[len("except"):].strip(" ") if hole else entry):
            if hole:
                return False
            inside = True
    return inside


# --- On one fact -------------------------------------------------------------------------

def equals(value, wanted):
    return value == wanted if type(value) is type(wanted) else None


def like(text, pattern):
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(c) or re.escape(c) for c in pattern)
    return re.fullmatch(regex, text, re.S) is not None


def version_at_least(version, wanted):
    return compare(parts_of(version), parts_of(wanted)) >= 0 if is_version(version) else None


# What an operator needs the fact to be (None: as its operand), and what it asks of it.
COMPARISONS = {
    "is": (None, equals),
    "is_one_of": (None, lambda value, wanted: any_of(equals(value, one) for one in wanted)),
    "at_least": (int, lambda value, bound: value >= bound),
    "at_most": (int, lambda value, bound: value <= bound),
    "version_at_least": (str, version_at_least),
    "version_in": (str, in_set),
    "like": (str, like),
}


# --- Tables ------------------------------------------------------------------------------

def key_answer(thing, key, wanted):
    """Whether the fact that the key of a row names is as the row says."""
    if key not in ("version", "version_id"):
        value = find(thing, key)
        return None if value is UNKNOWN else equals(value, wanted)
    name = key if key in thing else "version_id"
    value = find_kind(thing, name, str)
    return None if value is UNKNOWN else in_set(value, wanted)


def row_answer(thing, row, as_of):
    # Days of this form are in order as texts.
    answers = [row.get("tier") != "unsupported",
               row.get("from", as_of) <= as_of <= row.get("until", as_of)]
    for key, wanted in row.items():
        if key == "except":
            answers += [opposite(key_answer(thing, "version", hole)) for hole in wanted]
        elif key not in ("tier", "from", "until", "note"):
            answers.append(key_answer(thing, key, wanted))
    return all_of(answers)


# --- Checks ------------------------------------------------------------------------------

class Judge:
    """One profile, and the day that is judged for ("2027-03-15")."""

    def __init__(self, profile, as_of):
        self.profile = profile
        self.as_of = as_of

    def check(self, check, within):
        if "all_of" in check:
            return all_of(self.check(child, within) for child in check["all_of"])
        if "any_of" in check:
            return any_of(self.check(child, within) for child in check["any_of"])
        if "none_of" in check:
            return opposite(any_of(self.check(child, within) for child in check["none_of"]))
        for word, ask in (("any", any_of), ("every", all_of)):
            if word in check:
                items = self.items(check[word], within)
                return None if items is None else ask(self.check(check["where"], item)
                                                      for item in items)
        if "count" in check:
            return self.count(check, within)
        return self.compare_fact(check, within)

    def compare_fact(self, check, within):
        (word, operand), = ((key, value) for key, value in check.items() if key != "fact")
        if word == "in_table":
            thing = find_kind(within, check["fact"], dict)
            if thing is UNKNOWN:
                return None
            return any_of(row_answer(thing, row, self.as_of)
                          for row in self.profile["tables"][operand])
        kind, ask = COMPARISONS[word]
        path = check["fact"]
        value = find_kind(within, path, kind) if kind else find(within, path)
        return None if value is UNKNOWN else ask(value, operand)

    def items(self, path, within):
        """The items of a list that a check looks at; None where the list is not known."""
        items = find_kind(within, path, list)
        if items is UNKNOWN:
            return None
        if path == "network.endpoints":
            return [self.server(name, items) for name in self.profile["endpoints"]]
        return items

    @staticmethod
    def server(name, items):
        for item in items:
            if find(item, "host") == name:
                return item
        return {"host": name}

    def count(self, check, within):
        items = self.items(check["count"], within)
        if items is None:
            return None
        answers = [self.check(check["where"], item) if "where" in check else True for item in items]
        fewest = answers.count(True)
        most = fewest + answers.count(None)
        low, high = check.get("at_least", 0), check.get("at_most", len(items))
        if low <= fewest and most <= high:
            return True
        return False if most < low or fewest > high else None


# --- A requirement: its result -----------------------------------------------------------

def result_of(profile, requirement, facts, role, as_of):
    judge = Judge(profile, as_of)
    if role not in requirement["roles"]:
        return "not_applicable"
    applies = judge.check(requirement["when"], facts) if "when" in requirement else True
    if applies is not True:
        return "unknown" if applies is None else "not_applicable"
    answer = judge.check(requirement["check"], facts)
    days = [waiver["until"] for waiver in profile.get("waivers", [])
            if waiver["requirement"] == requirement["id"]]
    if answer is False and any(as_of <= until for until in days):
        return "waived"
    return {True: "pass", False: "fail", None: "unknown"}[answer]


# --- From results to ready ---------------------------------------------------------------

def state_of(profile, results):
    required, recommended = set(), set()
    for requirement, result in zip(profile["requirements"], results):
        (required if requirement["severity"] == "required" else recommended).add(result)
    if "fail" in required:
        return "not_ready"
    if "unknown" in required or not required & {"pass", "waived"}:
        return "unknown"
    if "waived" in required or recommended & {"waived", "fail", "unknown"}:
        return "ready_with_warnings"
    return "ready"


def evaluate(profile, facts, role, as_of):
    """The result of each requirement, in their order, and the device's state."""
    results = [result_of(profile, requirement, facts, role, as_of)
               for requirement in profile["requirements"]]
    return results, state_of(profile, results)
