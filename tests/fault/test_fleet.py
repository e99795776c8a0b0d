# SPDX-License-Identifier: Apache-2.0
"""A small fleet with copies and hostile members, by the simulator; tests/bench/fleet tells more."""
import os
import subprocess
import sys

import harness


def test_nobody_is_affected_by_copied_disks_hostile_devices_and_a_killed_collector():
    done = subprocess.run([sys.executable, os.path.join(harness.ROOT, "tests/bench/fleet"),
                           "--build", harness.BUILD, "--devices", "1000", "--real", "60"],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good devices that another one affected" in done.stdout
