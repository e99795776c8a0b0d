#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge and a second one, written from docs/profiles.md, must agree.

    differential.py [--pairs 100000] [--seed S]

A pair is a profile and a device: its facts, role and day. All results and the state are
compared. Where they differ, the smallest pair on which they do is printed and written to
differential.case in the build folder, as a text case that gives what the document says.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import time

import evaluator
import generate
import shrink

BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(generate.ROOT, "build/default"))
FACTS_EACH = 40  # devices that a profile is tried on


class Judge:
    """tests/differential/judge.c: the judge that ships, line by line."""

    def __init__(self, program=None):
        program = program or os.path.join(BUILD, "tests/differential/judge")
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        encoding="utf-8", errors="surrogateescape")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=60)

    def send(self, lines):
        self.process.stdin.write("\n".join([*lines, "flush", ""]))
        self.process.stdin.flush()

    def receive(self, n):
        answers = [self.process.stdout.readline().rstrip("\n") for _ in range(n)]
        if answers and not answers[-1]:
            raise RuntimeError(f"the judge ended with {self.process.wait(timeout=60)}")
        return answers

    def ask(self, lines):
        self.send(lines)
        return self.receive(len(lines))

    def evaluate(self, case):
        """As evaluator.evaluate(); ValueError: the profile is refused."""
        refused, answer = self.ask([profile_line(case["profile"]), facts_line(case)])
        if refused != "ok":
            raise ValueError(refused)
        *results, state = answer.split()
        return results, state


def profile_line(profile):
    return "profile " + json.dumps(profile)


def facts_line(case):
    return f"facts {case['role']} {case['as_of']} {json.dumps(case['facts'])}"


def by_document(case):
    return evaluator.evaluate(case["profile"], case["facts"], case["role"], case["as_of"])


def differs(one, other):
    """Whether the judges differ on a case; one that a judge cannot take is none."""
    def ask(case):
        try:
            return one(case) != other(case)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            return False
    return ask


def compare(judge, pairs, seed):
    """How many pairs agreed, and the first case that did not (or None)."""
    generator = generate.Generator(seed)
    agreed = 0
    while agreed < pairs:
        profile, probes = generator.profile()
        cases = [generator.case(profile, probes) for _ in range(min(FACTS_EACH, pairs - agreed))]
        judge.send([profile_line(profile), *map(facts_line, cases)])
        wanted = [by_document(case) for case in cases]
        taken, *answers = judge.receive(1 + len(cases))
        if taken != "ok":
            raise RuntimeError(f"should be right and is refused: {taken}\n{json.dumps(profile)}")
        for case, (results, state), answer in zip(cases, wanted, answers):
            if answer.split() != [*results, state]:
                return agreed, case
            agreed += 1
    return agreed, None


def report(judge, case, seed):
    """The smallest case that still differs, as text; written to the build folder as well."""
    case = shrink.shrink(case, differs(by_document, judge.evaluate))
    results, state = judge.evaluate(case)
    text = shrink.text_case(case, *by_document(case), f"the judges differ, seed {seed}")
    path = os.path.join(BUILD, "differential.case")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return f"{text}\nthe judge gives {' '.join(results)} state={state}; see {path}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1000000)
    args = parser.parse_args()
    with Judge() as judge:
        agreed, case = compare(judge, args.pairs, args.seed)
        if case:
            print(report(judge, case, args.seed))
    print(f"differential: {args.pairs} pairs, {agreed} agree, seed {args.seed}")
    return 1 if case else 0


if __name__ == "__main__":
    sys.exit(main())
