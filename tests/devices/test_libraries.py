# SPDX-License-Identifier: Apache-2.0
"""Which versions of libraries, and which web browsers, the agent sees on a machine made of files."""
import os

import pytest
from made import HOSTILE, machine, why  # noqa: F401 (a fixture)


def libraries(machine):
    return {library["name"]: library["version"]
            for library in machine.facts("software")["libraries"]}


def browsers(machine):
    return machine.facts("software")["web_browsers"]


def test_a_library_that_is_not_there_is_not_listed(machine):
    assert libraries(machine) == {}


def test_a_version_is_that_of_the_file_behind_the_link(machine):
    machine.write("usr/lib64/libstdc++.so.6.0.19")
    machine.link("usr/lib64/libstdc++.so.6", "libstdc++.so.6.0.19")
    machine.write("usr/lib64/libgtk-3.so.0.1400.5")
    machine.link("usr/lib64/libgtk-3.so.0", "libgtk-3.so.0.1400.5")
    machine.write("usr/lib64/libc.so.6", "GLIBC_2.2.5 GLIBC_2.17 GLIBC_2.9")
    assert libraries(machine) == {"glibc": "2.17", "libstdc++": "6.0.19", "GTK": "3.14.5"}


def test_a_file_that_tells_no_version_leaves_it_unknown(machine):
    machine.write("usr/lib/libstdc++.so.6")
    machine.write("usr/lib/libgtk-3.so.0")
    machine.write("usr/lib/libc.so.6", "of somebody else")
    found = libraries(machine)
    assert "libstdc++.so.6, tells no version" in why(found["libstdc++"])
    assert "libgtk-3.so.0, tells no version" in why(found["GTK"])
    assert "names no version" in why(found["glibc"])


def test_a_file_too_large_to_be_a_library_is_not_read(machine):
    HOSTILE["gigabyte"](machine.at("usr/lib/libc.so.6"))
    assert "libc.so.6" in why(libraries(machine)["glibc"])


@pytest.mark.parametrize("name, program", [
    ("Firefox", "usr/lib/firefox-esr/firefox-esr"), ("Firefox", "snap/firefox/current/meta/snap.yaml"),
    ("Chrome", "opt/google/chrome/chrome"), ("Chromium", "usr/lib64/chromium-browser/chromium-browser"),
    ("Edge", "opt/microsoft/msedge/msedge")])
def test_a_web_browser_is_where_its_package_puts_it(machine, name, program):
    assert browsers(machine) == []
    machine.write(program)
    assert browsers(machine) == [name]


def test_a_script_that_offers_to_install_a_browser_is_none(machine):
    machine.program("usr/bin/firefox", "usr/bin/chromium-browser")
    os.mkdir(machine.at("opt/x"))
    os.makedirs(machine.at("usr/lib/firefox/firefox"))
    assert browsers(machine) == []


def test_two_places_of_one_browser_are_one_browser(machine):
    machine.write("usr/lib/firefox/firefox")
    machine.write("opt/firefox/firefox")
    machine.write("opt/google/chrome/chrome")
    assert browsers(machine) == ["Chrome", "Firefox"]
