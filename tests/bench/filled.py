#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a store with a fleet in it, for benchmarks and tests of many devices.

    tests/bench/filled.py --devices 100000 [--sites 100] [--distinct 30] [--profile FILE] STORE

--distinct is how many percent of the devices have facts that no other has. tests/bench/fill.c
says what the devices are like.
"""
import argparse
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness  # noqa: E402


def profile_id(path):
    with open(path, encoding="utf-8") as file:
        profile = json.load(file)
    return "-".join(profile[name] for name in ("profile", "year") if name in profile)


def publish(store, profile, build):
    """Into a new store, which importing makes and publishing does not."""
    none = store + ".none.json"
    with open(none, "w", encoding="utf-8") as file:
        file.write('{"sites": []}')
    for args in (["site", "import", none], ["profile", "publish", profile]):
        subprocess.run([os.path.join(build, "testready-collector"), *args, "--store", store],
                       check=True, stdout=subprocess.DEVNULL)
    os.unlink(none)


def fill(store, devices, sites=100, distinct=30, profile=harness.PROFILE, keys=None, seed=0,
         build=harness.BUILD):
    """What bench/fill prints. @keys: a file for the first devices' ids and keys."""
    publish(store, profile, build)
    facts = store + ".facts"
    with open(facts, "w", encoding="utf-8") as file:
        json.dump(harness.READY, file)
    command = [os.path.join(build, "bench/fill"), "--store", store, "--facts", facts,
               "--profile", profile_id(profile), "--devices", str(devices),
               "--sites", str(sites), "--distinct", str(distinct), "--seed", str(seed)]
    done = subprocess.run(command + (["--keys", keys] if keys else []), check=True, text=True,
                          stdout=subprocess.PIPE)
    os.unlink(facts)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("store")
    parser.add_argument("--devices", type=int, required=True)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--distinct", type=int, default=30)
    parser.add_argument("--profile", default=harness.PROFILE)
    parser.add_argument("--keys")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--build", default=harness.BUILD)
    print(json.dumps(fill(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
