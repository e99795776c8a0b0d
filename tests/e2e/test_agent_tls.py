# SPDX-License-Identifier: Apache-2.0
"""Who is trusted to be the collector, and through whom it is talked to."""
import os

import pytest

from certificates import make_certificate
from imposter import Agent, Imposter
from machine import collector  # noqa: F401  a fixture


@pytest.fixture
def stranger(tmp_path):
    """An agent that is not enrolled."""
    return Agent(str(tmp_path))


def test_a_private_authority_is_trusted_only_where_it_is_named(stranger, tmp_path):
    certificate = make_certificate(tmp_path, "district", "localhost")
    collector = Imposter(certificate)
    try:
        done = stranger.enroll(collector.url)
        assert done.returncode == 1
        assert "issued by 'district', which this device does not trust" in done.stderr
        assert "--ca FILE" in done.stderr
        assert not collector.requests

        assert stranger.enroll(collector.url, "--ca", certificate[0]).returncode == 0
        os.unlink(certificate[0])
        assert stranger.report().returncode == 0
    finally:
        collector.close()


def test_a_certificate_for_another_host_is_refused(stranger, tmp_path):
    certificate = make_certificate(tmp_path, "other", "other.example.org")
    collector = Imposter(certificate)
    try:
        done = stranger.enroll(collector.url, "--ca", certificate[0])
        assert done.returncode == 1
        assert "issued by 'other'" in done.stderr and "localhost" in done.stderr
        assert not collector.requests
    finally:
        collector.close()


def test_a_file_without_certificates_is_no_authority(stranger, tmp_path):
    (tmp_path / "ca.pem").write_text("nothing here", encoding="utf-8")

    done = stranger.enroll("https://localhost:1", "--ca", str(tmp_path / "ca.pem"))

    assert done.returncode == 3
    assert "no certificate" in done.stderr


def test_the_key_for_this_machine_goes_through_no_proxy(stranger, collector):
    proxy = Imposter()
    try:
        done = stranger.run("enroll", "--url", collector.url, "--key-file", stranger.key_file,
                            env={**stranger.environment(), "http_proxy": proxy.url,
                                 "all_proxy": proxy.url})
        assert done.returncode == 0, done.said
        assert not proxy.requests
    finally:
        proxy.close()
