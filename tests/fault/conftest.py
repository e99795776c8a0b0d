# SPDX-License-Identifier: Apache-2.0
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(sys.path[0], "contract"))  # the API's document
sys.path.insert(0, os.path.dirname(sys.path[0]))
from harness import new_collector  # noqa: E402,F401
