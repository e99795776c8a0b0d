#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Let Debian's testssl look at the collector's TLS; fail on what it finds above LOW.

    tests/security/tls_scan.py --build build/default

The certificate is made for the run and signed by itself, so what testssl says of who signed
it is left out: EXPECTED names each such finding and why it is none.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "e2e")]
import harness  # noqa: E402
from certificates import make_certificate  # noqa: E402

EXPECTED = {
    "cert_chain_of_trust": "the run's certificate is signed by itself",
    "cert_revocation": "what is signed by itself has nobody to revoke it",
    "cert_expirationStatus": "it is good for two days",
    "cert_notAfter": "the same",
}
ABOVE_LOW = ("MEDIUM", "HIGH", "CRITICAL", "FATAL")


def scan(build, folder):
    certificate, key = make_certificate(pathlib.Path(folder), "scan", "localhost")
    collector = harness.Collector(folder, build=build, web=False, fill=False,
                                  arguments=["--tls-cert", certificate, "--tls-key", key])
    found = os.path.join(folder, "found.json")
    with collector:
        port = collector.url.split(":")[-1]
        subprocess.run(["testssl", "--quiet", "--color", "0", "--warnings", "off", "--fast", "--ip",
                        "127.0.0.1", "--nodns", "none", "--jsonfile", found, f"localhost:{port}"],
                       stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    with open(found, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=harness.BUILD)
    args = parser.parse_args()
    if not shutil.which("testssl"):
        sys.exit("tls-scan needs testssl: apt-get install testssl.sh")
    with tempfile.TemporaryDirectory() as folder:
        findings = scan(os.path.abspath(args.build), folder)
    bad = [row for row in findings if row["severity"] in ABOVE_LOW]
    for row in bad:
        why = EXPECTED.get(row["id"])
        print(f"{row['severity']} {row['id']}: {row['finding']}" + (f" (left out: {why})" if why else ""))
    left = [row for row in bad if row["id"] not in EXPECTED]
    # Where it could not look, it found nothing.
    looked = {row["id"] for row in findings}
    missing = {"TLS1_2", "TLS1_3", "heartbleed", "ROBOT", "LUCKY13", "PFS"} - looked
    low = sum(row["severity"] == "LOW" for row in findings)
    print(f"tls-scan: {len(findings)} findings, {low} low, {len(left)} above"
          + (f", and nothing was said of {sorted(missing)}" if missing else ""))
    return 1 if left or missing else 0


if __name__ == "__main__":
    sys.exit(main())
