# SPDX-License-Identifier: Apache-2.0
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "contract"), os.path.join(TESTS, "e2e")]
from harness import new_collector  # noqa: E402,F401
from world import world  # noqa: E402,F401
