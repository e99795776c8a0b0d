# SPDX-License-Identifier: Apache-2.0
"""
How long a program took, less the time in which it could have gone on and had no processor: what
it would have taken on a machine that does nothing else. Beside other tests a second on the clock
on the wall says more of those than of the program.
"""
import contextlib
import os
import subprocess
import threading
import time


def _queued_s(pid):
    """For how long @pid was ready to run and did not; it may have ended, but not be waited for."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[1]) / 1e9
    return 0.0  # a kernel that does not say


class Stopwatch:
    """Of our child @pid, from now until it ends, which is to be waited for by end() first."""

    def __init__(self, pid):
        self.pid = pid
        self.begin = self._now()

    def _now(self):
        # What this process had to wait for is in what it sees of the clock too.
        return time.monotonic() - _queued_s(self.pid) - _queued_s(os.getpid())

    def end(self):
        """The seconds until it ended; after this the child can still be waited for as usual."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        return self._now() - self.begin


def run(command, timeout=60, **more):
    """As subprocess.run() of a program that says less than a pipe holds; and its seconds."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more) as process:
        late = threading.Timer(timeout, process.kill)
        late.start()
        try:
            seconds = Stopwatch(process.pid).end()
        finally:
            late.cancel()
        out, err = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, err), seconds
