# SPDX-License-Identifier: Apache-2.0
"""From a case on which two judges differ to the smallest that they still differ on.

A case is {"profile", "facts", "role", "as_of"}. What comes out is a block of text for
tests/cases, see the README there.
"""
import copy
import json

# What every profile and every requirement must have.
NEEDED = {"profile", "title", "freshness_hours", "requirements", "id", "severity", "roles", "check",
          "fix", "source", "facts", "role", "as_of"}
JOINED = ("all_of", "any_of", "none_of")
PLAIN = {"id": "it", "severity": "required", "roles": ["student", "shared"], "title": "It",
         "fix": {"id": "mend", "text": "Mend it.", "minutes": 1}, "source": "s"}


def places(value, path=()):
    """The path of everything inside of @value, the largest first."""
    items = {dict: dict.items, list: enumerate}.get(type(value), lambda _: ())
    for key, _ in items(value):
        yield path + (key,)
    for key, inner in items(value):
        yield from places(inner, path + (key,))


def inside(case, path):
    for key in path:
        case = case[key]
    return case


def smaller(case):
    """Cases that have a little less than @case."""
    for path in list(places(case)):
        if path[-1] in NEEDED or "fix" in path or inside(case, path[:-1]) == PLAIN["roles"]:
            continue
        less = copy.deepcopy(case)
        del inside(less, path[:-1])[path[-1]]
        yield less
    for path in list(places(case)):
        node = inside(case, path)
        for word in JOINED:
            for child in node[word] if isinstance(node, dict) and word in node else ():
                less = copy.deepcopy(case)
                inside(less, path[:-1])[path[-1]] = copy.deepcopy(child)
                yield less


def plainer(case):
    """Cases of the same size that are easier to read."""
    if case["as_of"] != "2027-03-15":
        yield dict(case, as_of="2027-03-15")
    if len(case["profile"]["requirements"]) == 1:
        less = copy.deepcopy(case)
        less["profile"]["requirements"][0].update(PLAIN)
        for waiver in less["profile"].get("waivers", []):
            waiver["requirement"] = "it"
        less["role"] = "student"
        if less != case:
            yield less


def shrink(case, differs, most_tries=20000):
    """The smallest case found on which differs(case) is still true."""
    again = True
    while again and most_tries > 0:
        again = False
        for less in [*smaller(case), *plainer(case)]:
            most_tries -= 1
            if differs(less):
                case, again = less, True
                break
    return case


def compact(value):
    return json.dumps(value, ensure_ascii=False)


def text_case(case, results, state, title):
    """@case as text; it gives what the document says: @results and @state."""
    profile = case["profile"]
    requirement = profile["requirements"][0]
    lines = [f"# {title}"]
    is_plain = {key: requirement.get(key) for key in PLAIN} == PLAIN
    is_small = len(profile["requirements"]) == 1 and not profile.get("waivers")
    if is_small and is_plain and not profile.get("endpoints"):
        parts = (profile, "tables"), (requirement, "when"), (requirement, "check")
        lines += [f"{word} {compact(where[word])}" for where, word in parts if where.get(word)]
    else:
        lines.append(f"profile {compact(profile)}")
    lines.append(f"facts {compact(case['facts'])}")
    if case["role"] != "student":
        lines.append(f"role {case['role']}")
    if case["as_of"] != "2027-03-15":
        lines.append(f"as_of {case['as_of']}")
    given = [f"{one['id']}={result}" for one, result in zip(profile["requirements"], results)]
    lines.append(" ".join(["gives", *given, f"state={state}"]))
    return "\n".join(lines) + "\n"
