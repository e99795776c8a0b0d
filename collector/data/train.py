#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the dictionary that facts are packed with from the facts of known machines.

    collector/data/train.py collect               writes collector/data/facts-1.samples
    collector/data/train.py make SAMPLES ID DICT  writes the dictionary

A dictionary that was released is never made anew: what is packed with it is read with it.
A better one gets the next number, and a row in the table of collector/store/facts_text.c.

The samples are canonical facts, one machine a line: those of tests/devices, looked at by the
agent under umockdev, and last the ready device of tests/harness.py. The dictionary is their
text, and tables of how often what occurs.
"""
import ctypes
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LEVEL = 3  # as in collector/store/facts_text.c
ROOM = 1 << 20


def collect():
    sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tests/devices")]
    import harness
    import machines
    with open(os.path.join(HERE, "facts-1.samples"), "w", encoding="utf-8") as file:
        for name in machines.names():
            with tempfile.TemporaryDirectory() as folder:
                root = machines.prepare_root(name, os.path.join(folder, "root"))
                facts = machines.facts_of([*machines.command(name), machines.AGENT, "facts",
                                           "--root", root])
            print(harness.canonical(facts), file=file)
        print(harness.canonical(harness.READY), file=file)


def make(samples, number, path):
    with open(samples, encoding="utf-8") as file:
        texts = [line.encode() for line in file.read().splitlines()]
    for text in texts:
        json.loads(text)
    content = b"".join(texts)

    class Parameters(ctypes.Structure):  # ZDICT_params_t of zdict.h
        _fields_ = [("level", ctypes.c_int), ("notice", ctypes.c_uint), ("id", ctypes.c_uint)]

    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZDICT_finalizeDictionary.restype = ctypes.c_size_t
    made = ctypes.create_string_buffer(ROOM)
    size = zstd.ZDICT_finalizeDictionary(
        made, ctypes.c_size_t(ROOM), content, ctypes.c_size_t(len(content)), content,
        (ctypes.c_size_t * len(texts))(*map(len, texts)), ctypes.c_uint(len(texts)),
        Parameters(LEVEL, 0, number))
    if zstd.ZDICT_isError(ctypes.c_size_t(size)):
        sys.exit("train.py: libzstd made no dictionary of these samples")
    with open(path, "wb") as file:
        file.write(made.raw[:size])


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        collect()
    elif len(sys.argv) == 5 and sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(__doc__)
