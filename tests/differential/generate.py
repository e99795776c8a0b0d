# SPDX-License-Identifier: Apache-2.0
"""Random profiles, and facts for them that hit the edges of what they ask.

Profiles are right by construction: facts, kinds, words and bounds are those of
docs/schema/report-1.json. What is drawn comes from small pools, the same for profiles
and facts, so that values are often equal, next to each other, or just no version.
"""
import json
import os
import random

from evaluator import compare, in_range, parts_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

ROLES = ["student", "ta", "shared", "spare"]
DAYS = ["2026-12-31", "2027-01-01", "2027-05-30", "2027-05-31", "2027-06-01", "2028-02-29"]
SERVERS = ["a.example", "b.example:8443", "c.example"]
# Versions that a profile may name, and what a device may say instead.
VERSIONS = ["0", "1", "1.0", "1.9", "1.10", "2", "14", "14.0", "14.2", "14.2.7", "007", "15",
            "1.2.3.4.5", "99999999999999999999", "99999999999999999999.1", "1" * 64]
ODD_VERSIONS = ["", "rolling", "14.0b3", "14-2", "14..2", "14.", "v14", " 14", "14 ", "13.99",
                "1" * 65, "14.0.0.0.1", "00014.00", "18446744073709551617", "1.é", "１４", "."]
TEXTS = ["", "a", "A", "ab", "aéb", "é", "🙂", "ubuntu", "en", "en-us", "a\nb", "a*", "**", "a?b"]
PATTERNS = TEXTS[1:] + ["*", "?", "a?", "?b", "a*b", "*a*", "a??b", "en*", "?*?", "*.*", "[a]",
                        "1*", "1?.*"]
# Those that are for some kinds only; the others are for all.
OPERATORS = {"text": ["version_at_least", "version_in", "like"], "number": ["at_least", "at_most"]}
UNKNOWN = {"unknown": "it could not be seen"}


def read_kind(schema):
    """What a fact is: ("object", members), ("list", members or None), ("word", words), …"""
    if "oneOf" in schema:
        schema = schema["oneOf"][-1]
    if "enum" in schema:
        return "word", schema["enum"]
    kind = schema.get("type", "text")
    if kind == "object":
        return "object", {name: read_kind(member) for name, member in schema["properties"].items()}
    if kind == "array":
        item = read_kind(schema["items"])
        return "list", item[1] if item[0] == "object" else None
    if kind == "integer":
        low, high = schema["minimum"], schema["maximum"]
        return "number", sorted({low, low + 1, low + 2, low + 3, (low + high) // 2, high - 1, high})
    return kind, None


with open(os.path.join(ROOT, "docs/schema/report-1.json"), encoding="utf-8") as _file:
    FACTS = read_kind(json.load(_file)["$defs"]["facts"])[1]
TEXT_ITEM = {".": ("text", None)}


def meet(one, other):
    """Whether two ranges of versions have one in common: the low end of one is in the other."""
    return any(in_range(parts_of(a), b)
               for a, b in ((one.partition("..")[0], other), (other.partition("..")[0], one)))


def sets_meet(one, other):
    def ranges(text):
        entries = [entry.strip(" ") for entry in text.split(",")]
        return [entry for entry in entries if not entry.startswith("except")]

    return any(meet(a, b) for a in ranges(one) for b in ranges(other))


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = set()  # of the facts that the profile looks at

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, things):
        return self.random.choice(things)

    def some(self, things, most):
        return self.random.sample(things, self.random.randint(1, min(most, len(things))))

    # --- profiles --------------------------------------------------------------------

    def profile(self):
        """A profile, and the probes that it looks at."""
        probes = self.some(sorted(FACTS), 2)
        if self.chance(35):
            probes = sorted({"os", *probes})
        self.names = set()
        self.profile_now = {"profile": "case", "title": "t", "freshness_hours": {}, "tables": {},
                            "endpoints": self.some(SERVERS, 3)}
        within = {name: FACTS[name] for name in probes}
        requirements = [self.requirement(f"r{i}", within) for i in range(self.random.randint(1, 4))]
        self.profile_now["requirements"] = requirements
        if self.chance(50):
            self.profile_now["waivers"] = [self.waiver(requirements)
                                           for _ in range(self.random.randint(1, 3))]
        return self.profile_now, probes

    def requirement(self, name, within):
        requirement = {"id": name, "severity": self.pick(["required", "recommended"]),
                       "roles": self.some(ROLES, 4), "title": "It",
                       "check": self.check(within, 3),
                       "fix": {"id": "mend", "text": "Mend it.", "minutes": 1}, "source": "s"}
        if self.chance(30):
            requirement["when"] = self.check(within, 2)
        return requirement

    def waiver(self, requirements):
        return {"id": f"{self.random.getrandbits(128):032x}",
                "scope": self.pick(["state", "lea", "site"]),
                "requirement": self.pick(requirements)["id"], "reason": "accepted",
                "until": self.pick(DAYS)}

    def check(self, within, depth):
        """A check on the facts @within: members of the facts, of an item, or TEXT_ITEM."""
        if depth > 0 and self.chance(40):
            word = self.pick(["all_of", "any_of", "none_of"])
            return {word: [self.check(within, depth - 1) for _ in range(self.random.randint(1, 3))]}
        path, (kind, detail) = self.path(within)
        if kind == "list":
            return self.list_check(path, detail, depth)
        if kind == "object":
            return {"fact": path, "in_table": self.table(path, detail)}
        operator = self.pick(["is", "is_one_of", *OPERATORS.get(kind, [])])
        return {"fact": path, operator: self.operand(operator, kind, detail)}

    def path(self, within):
        name = self.pick(sorted(within))
        self.names.add(name)
        kind, detail = within[name]
        # A whole object is only for tables, and those need a plain member.
        if kind != "object" or (self.chance(25 if name != "os" else 50) and self.plain(detail)):
            return name, within[name]
        path, fact = self.path(detail)
        return f"{name}.{path}", fact

    @staticmethod
    def plain(members):
        return sorted(name for name, (kind, _) in members.items() if kind not in ("list", "object"))

    def operand(self, operator, kind, detail):
        if operator == "is_one_of":
            return [self.operand("is", kind, detail) for _ in range(self.random.randint(1, 3))]
        if operator == "version_at_least":
            return self.pick(VERSIONS)
        if operator == "version_in":
            return self.version_set()
        if operator == "like":
            return self.pick(PATTERNS)
        return self.value(kind, detail)

    def version_set(self):
        ranges, holes = [self.version_range()], []
        while self.chance(40) and len(ranges + holes) < 4 and sum(map(len, ranges)) < 120:
            entry = self.version_range()
            # A hole in what no range has is refused.
            if self.chance(50) and any(meet(entry, other) for other in ranges):
                holes.append(self.pick(["except ", "except  "]) + entry)
            else:
                ranges.append(entry)
        entries = ranges + holes
        self.random.shuffle(entries)
        return self.pick([",", ", ", " , "]).join(entries)

    def version_range(self):
        low, high = self.pick(VERSIONS), self.pick(VERSIONS)
        if compare(parts_of(low), parts_of(high)) > 0:
            low, high = high, low
        return self.pick([low, low + "..", f"{low}..{high}"])

    def list_check(self, path, members, depth):
        where = self.check(members or TEXT_ITEM, max(depth - 1, 0))
        word = self.pick(["any", "every", "count"])
        if word != "count":
            return {word: path, "where": where}
        bounds = sorted(self.random.randint(0, 3) for _ in range(2))
        check = {"count": path, "at_least": bounds[0], "at_most": bounds[1]}
        if self.chance(60):
            del check[self.pick(["at_least", "at_most"])]
        if self.chance(70):
            check["where"] = where
        return check

    def table(self, name, members):
        table = self.profile_now["tables"].setdefault(name, [])
        if not table:
            table += [self.row(members) for _ in range(self.random.randint(1, 3))]
        return name

    def row(self, members):
        row = {}
        for name in self.some(self.plain(members), 3):
            self.names.add(name)
            if name == "version_id":
                row[self.pick(["version", "version", "version_id"])] = self.version_set()
            else:
                row[name] = self.value(*members[name])
        if "version_id" in members and self.chance(40):
            holes = [self.version_set() for _ in range(self.random.randint(0, 3))]
            # A hole that takes out nothing of the version is refused.
            row["except"] = [hole for hole in holes
                             if "version" not in row or sets_meet(row["version"], hole)]
        if self.chance(50):
            row["tier"] = self.pick(["full", "limited", "unsupported"])
        days = sorted([self.pick(DAYS), self.pick(DAYS)])
        for key, day in zip(("from", "until"), days):
            if self.chance(30):
                row[key] = day
        return row

    # --- facts -----------------------------------------------------------------------

    def value(self, kind, detail):
        if kind == "text":
            return self.pick(self.pick([TEXTS, VERSIONS, VERSIONS, ODD_VERSIONS, SERVERS[:2]]))
        return self.pick([True, False] if kind == "boolean" else detail)

    def fact(self, kind, detail):
        if self.chance(10):
            return UNKNOWN
        if self.chance(1):
            # Of another kind, as an agent that had other facts may have sent it.
            return self.pick(["14", 14, True, [], {}, None])
        if kind == "object":
            return self.members(detail)
        if kind != "list":
            return self.value(kind, detail)
        return [self.item(detail) for _ in range(self.pick([0, 0, 1, 1, 2, 3]))]

    def item(self, members):
        if self.chance(3):
            return UNKNOWN
        return self.members(members) if members else self.fact("text", None)

    def members(self, members):
        """Those that the profile looks at, but for a few; of the others a few."""
        return {name: self.server() if name == "host" else self.fact(*kind)
                for name, kind in members.items()
                if self.chance(94 if name in self.names or "." in self.names else 8)}

    def server(self):
        return self.pick(SERVERS + ["gone.example", UNKNOWN])

    def case(self, profile, probes):
        facts = self.members({name: FACTS[name] for name in probes})
        return {"profile": profile, "facts": facts, "role": self.pick(ROLES),
                "as_of": self.pick(DAYS)}
