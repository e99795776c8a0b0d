# SPDX-License-Identifier: Apache-2.0
"""What the agent says of the updates of a machine made of files."""
import os

import pytest
from made import HOSTILE, machine, why  # noqa: F401 (a fixture)


@pytest.mark.parametrize("mark", ["system-update", "etc/system-update"])
def test_updates_that_the_next_start_installs_are_staged(machine, mark):
    assert machine.facts("os")["updates_staged"] is False
    machine.link(mark, "/var/lib/gone")
    assert machine.facts("os")["updates_staged"] is True


def test_a_system_that_is_staged_waits_for_the_restart(machine):
    machine.write("run/ostree-booted")
    assert machine.facts("os")["restart_required"] is False
    machine.write("run/ostree/staged-deployment")
    facts = machine.facts("os")
    assert facts["updates_staged"] is True and facts["restart_required"] is True


@pytest.mark.parametrize("mark", [
    "var/lib/PackageKit/prepared-update",
    "usr/lib/sysimage/libdnf5/offline/offline-transaction-state.toml"])
def test_updates_that_are_only_downloaded_may_be_installed_or_not(machine, mark):
    machine.write(mark)
    assert "downloaded" in why(machine.facts("os")["updates_staged"])
    machine.link("system-update", "/var/cache")
    assert machine.facts("os")["updates_staged"] is True


@pytest.mark.parametrize("writer, mark", [
    ("etc/kernel/postinst.d/unattended-upgrades", "run/reboot-required"),
    ("usr/share/update-notifier/notify-reboot-required", "run/reboot-required"),
    ("etc/zypp/needreboot", "run/reboot-needed")])
def test_a_restart_is_not_required_only_where_that_would_be_noted(machine, writer, mark):
    assert "/run" in why(machine.facts("os")["restart_required"])
    machine.folder("run")
    assert "does not note" in why(machine.facts("os")["restart_required"])
    machine.write(writer)
    assert machine.facts("os")["restart_required"] is False
    machine.write(mark)
    assert machine.facts("os")["restart_required"] is True


def unattended(machine, *, upgrade='"1"', lists='"1"', timers=("apt-daily", "apt-daily-upgrade")):
    machine.program("usr/bin/unattended-upgrade", "usr/lib/systemd/systemd")
    machine.write("etc/apt/apt.conf.d/20auto-upgrades",
                  f"APT::Periodic::Update-Package-Lists {lists};\n"
                  f"APT::Periodic::Unattended-Upgrade {upgrade};\n")
    for timer in timers:
        machine.link(f"etc/systemd/system/timers.target.wants/{timer}.timer",
                     f"/lib/systemd/system/{timer}.timer")


def automatic(machine):
    facts = machine.facts("os")
    if isinstance(facts["automatic_updates"], dict):
        assert facts["automatic_updates"] == facts["automatic_updates_by"]
        return why(facts["automatic_updates"])
    assert facts["automatic_updates"] is (facts["automatic_updates_by"] != "")
    return facts["automatic_updates_by"]


def test_of_a_system_that_we_do_not_know_no_update_is_excluded(machine):
    assert "does not know how this system is updated" in automatic(machine)


def test_unattended_upgrades_are_automatic(machine):
    unattended(machine)
    assert automatic(machine) == "unattended-upgrades"


@pytest.mark.parametrize("changes", [
    {"upgrade": '"0"'}, {"upgrade": '"0d"'}, {"timers": ["apt-daily"]}])
def test_what_is_off_does_not_update(machine, changes):
    unattended(machine, **changes)
    assert automatic(machine) == ""


def test_without_the_program_the_setting_says_nothing(machine):
    unattended(machine)
    os.remove(machine.at("usr/bin/unattended-upgrade"))
    assert automatic(machine) == ""


def test_a_timer_that_is_masked_is_off(machine):
    unattended(machine)
    machine.link("etc/systemd/system/apt-daily-upgrade.timer", "/dev/null")
    assert automatic(machine) == ""


def test_without_systemd_cron_does_it(machine):
    unattended(machine, timers=[])
    machine.program("etc/cron.daily/apt-compat")
    assert automatic(machine) == ""
    os.remove(machine.at("usr/lib/systemd/systemd"))
    assert automatic(machine) == "unattended-upgrades"


def test_updates_that_nobody_looks_for_are_not_certain(machine):
    unattended(machine, lists='"0"')
    assert "does not look for them" in automatic(machine)


@pytest.mark.parametrize("name, text, expected", [
    ("99school", 'APT { Periodic { Unattended-Upgrade "0"; }; };', ""),
    ("99school", 'apt::periodic::unattended-upgrade "0";', ""),
    ("99school", '#clear APT::Periodic;', ""),
    ("99school", 'APT::Periodic::Enable "0";', ""),
    ("99school", '// APT::Periodic::Enable "0";', "unattended-upgrades"),
    ("99school", 'APT::Periodic::Unattended-Upgrade "always";', "unattended-upgrades"),
    ("10school", 'APT::Periodic::Unattended-Upgrade "0";', "unattended-upgrades"),
    ("99school.ucf-dist", 'APT::Periodic::Unattended-Upgrade "0";', "unattended-upgrades"),
    ("99school.conf", 'APT::Periodic::Unattended-Upgrade "0";', "")])
def test_the_settings_of_apt_are_read_in_its_order(machine, name, text, expected):
    unattended(machine)
    machine.write("etc/apt/apt.conf.d/" + name, text)
    assert automatic(machine) == expected


@pytest.mark.parametrize("text, reason", [
    ('APT::Periodic::Unattended-Upgrade "0', "a quote does not end"),
    ('#include "/etc/other";', "includes another file"),
    ('APT::Periodic::Unattended-Upgrade "weekly";', "no interval")])
def test_settings_that_cannot_be_read_leave_it_unknown(machine, text, reason):
    unattended(machine)
    machine.write("etc/apt/apt.conf", text)
    assert reason in automatic(machine)


@pytest.mark.parametrize("text, expected", [
    ("[commands]\napply_updates = yes\n", "dnf-automatic"),
    ("[commands]\napply_updates = no\n", ""),
    ("[email]\napply_updates = yes\n", ""),
    (None, "")])
def test_dnf_installs_only_what_it_is_told_to(machine, text, expected):
    machine.folder("etc/dnf")
    if text:
        machine.write("etc/dnf/automatic.conf", text)
    assert automatic(machine) == ""
    machine.link("etc/systemd/system/timers.target.wants/dnf-automatic.timer", "/x")
    assert automatic(machine) == expected
    machine.link("etc/systemd/system/timers.target.wants/dnf-automatic-install.timer", "/x")
    assert automatic(machine) == "dnf-automatic"


def test_snaps_update_themselves_unless_that_is_held(machine):
    machine.folder("etc/apt")
    machine.program("usr/lib/snapd/snapd")
    machine.folder("snap/bin")
    assert automatic(machine) == ""
    machine.folder("snap/firefox")
    assert "held" in automatic(machine)
    unattended(machine)
    assert automatic(machine) == "unattended-upgrades"


@pytest.mark.parametrize("kind", HOSTILE)
def test_settings_that_are_no_files_leave_updates_unknown(machine, kind):
    unattended(machine)
    HOSTILE[kind](machine.at("etc/apt/apt.conf.d/50x"))
    assert automatic(machine)
    assert automatic(machine) != "unattended-upgrades"
