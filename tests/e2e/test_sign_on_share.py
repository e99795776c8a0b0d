# SPDX-License-Identifier: Apache-2.0
"""Who signs in at an identity provider that does not answer keeps nobody else from doing so."""
import collections
import concurrent.futures
import os
import socket

import pytest

ASKED = 60  # more than may wait of one network, and fewer than of all; docs/limits.md


@pytest.fixture
def silent():
    """The address of a provider that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def statuses(collector, addresses):
    """What signing in from each of @addresses at once is answered."""
    def ask(address):
        return collector.request("GET", "/v1/session/oidc", X_Forwarded_For=address).status

    with concurrent.futures.ThreadPoolExecutor(len(addresses)) as pool:
        return collections.Counter(pool.map(ask, addresses))


def test_all_addresses_of_a_machine_have_one_share_of_the_sign_ins_that_wait(new_collector,
                                                                             tmp_path, silent):
    secret = tmp_path / "secret"
    secret.write_text("a client's secret\n")
    os.chmod(secret, 0o600)
    arguments = ["--oidc-issuer", silent, "--oidc-client-id", "testready",
                 "--oidc-client-secret-file", str(secret), "--public-url", "http://127.0.0.1",
                 "--trusted-proxy", "127.0.0.1"]
    with new_collector(fill=False, web=False, arguments=arguments) as collector:
        found = statuses(collector, [f"2001:db8::{n:x}" for n in range(1, ASKED + 1)])
        assert set(found) == {429, 503}, found
        # As many networks have a share each.
        found = statuses(collector, [f"2001:db8:0:{n:x}::1" for n in range(1, ASKED + 1)])
        assert set(found) == {503}, found
