# SPDX-License-Identifier: Apache-2.0
"""kill -9 while things are made: sent again with its Idempotency-Key, each is there once."""
import concurrent.futures
import http.client
import os
import random
import threading
import time

import harness
import loaded
import pytest

KILLS = int(os.environ.get("MAKING_KILLS", "8"))
SENDERS = 4
EACH = 12


@pytest.fixture(name="chance")
def seeded_chance():
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    return random.Random(seed)


def make(collector, name):
    body = {"name": name, "role": "viewer", "scope": "site", "code": harness.SITE, "days": 1}
    return collector.post("/v1/tokens", body, collector.token, Idempotency_Key=name)


def make_until_killed(collector, names, answered):
    """Each in turn; who was told that it was made, is in @answered."""
    for name in names:
        try:
            answer = make(collector, name)
        except (OSError, http.client.HTTPException):
            return
        assert answer.status == 200, answer.body
        answered[name] = answer.json["id"]


def test_what_was_being_made_when_it_was_killed_is_made_once(monkeypatch, new_collector, chance):
    # With a fast disk a kill rarely falls between an answer and its commit.
    monkeypatch.setenv("LD_PRELOAD", loaded.SLOW_DISK)
    collector = new_collector(web=False, arguments=["--no-rate-limit"])
    collector.start()
    n_lost = 0
    for i in range(KILLS):
        before = len(collector.pages("/v1/tokens?limit=500", "tokens"))
        names = [[f"{i} {sender} {n}".replace(" ", "-") for n in range(EACH)]
                 for sender in range(SENDERS)]
        answered = {}
        threads = [threading.Thread(target=make_until_killed, args=(collector, some, answered))
                   for some in names]
        for thread in threads:
            thread.start()
        n = chance.randrange(1, SENDERS * EACH)
        harness.wait_until(lambda: len(answered) >= n)
        time.sleep(chance.random() * 0.01)  # some moment of the next one
        loaded.kill(collector)
        for thread in threads:
            thread.join()
        collector.start()
        rows = {row["name"]: row["id"] for row in collector.pages("/v1/tokens?limit=500", "tokens")}
        n_lost += len(set(rows) & {name for some in names for name in some}) - len(answered)
        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            every = [name for some in names for name in some]
            made = dict(zip(every, pool.map(lambda name: make(collector, name).json, every)))
        for name, token_id in answered.items():
            assert made[name]["id"] == token_id and "token" not in made[name]
        after = collector.pages("/v1/tokens?limit=500", "tokens")
        assert len(after) == before + len(every)
        for row in after[before:]:
            revoke = collector.request("DELETE", f"/v1/tokens/{row['id']}", key=collector.token)
            assert revoke.status == 200
    print(f"{KILLS} kills; {n_lost} were made and their answer was lost")
    assert collector.stop() == 0
