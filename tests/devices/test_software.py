# SPDX-License-Identifier: Apache-2.0
"""What the agent says of speech, fonts, processes, settings and the clock of a machine made of
files: it has the thing, it has it not, or it cannot be told."""
import json
import os
import struct
import subprocess
import time

import pytest
from made import AGENT, HOSTILE, machine, why  # noqa: F401 (a fixture)


# --- speech ---

ESPEAK = "usr/lib/x86_64-linux-gnu/espeak-ng-data/"


def engines(machine):
    return {engine["name"]: engine["languages"] for engine in machine.facts("speech")["engines"]}


def espeak(machine):
    machine.program("usr/bin/espeak-ng")
    machine.write(ESPEAK + "phontab")
    for voice in ["gmw/en-US", "gmw/de", "gmq/nb", "ko"]:
        machine.write(ESPEAK + "lang/" + voice, "name x\nlanguage xx\n")


def test_nothing_that_speaks_is_nothing(machine):
    assert machine.facts("speech") == {"engines": [], "dispatcher": False, "screen_readers": []}


def test_espeak_speaks_what_it_has_a_dictionary_for(machine):
    espeak(machine)
    assert engines(machine) == {"espeak-ng": []}
    machine.write(ESPEAK + "en_dict")
    machine.write(ESPEAK + "ko_dict")
    machine.write(ESPEAK + "de_dict", "")
    assert engines(machine) == {"espeak-ng": ["en-us", "ko"]}


def test_a_voice_of_espeak_may_name_its_dictionary(machine):
    espeak(machine)
    machine.write(ESPEAK + "no_dict")
    assert engines(machine) == {"espeak-ng": []}
    machine.write(ESPEAK + "lang/gmq/nb", "name x\ndictionary no\n")
    assert engines(machine) == {"espeak-ng": ["nb"]}


def test_data_without_the_synthesiser_do_not_speak(machine):
    espeak(machine)
    os.remove(machine.at("usr/bin/espeak-ng"))
    assert engines(machine) == {}
    machine.write("usr/lib/x86_64-linux-gnu/libespeak-ng.so.1")
    assert engines(machine) == {"espeak-ng": []}


def test_all_languages_of_espeak_are_told(machine):
    espeak(machine)
    for i in range(131):
        code = chr(97 + i // 26) + chr(97 + i % 26)
        machine.write(ESPEAK + "lang/art/" + code)
        machine.write(ESPEAK + code + "_dict")
    assert len(engines(machine)["espeak-ng"]) >= 131
    for i in range(256):
        machine.write(ESPEAK + f"lang/gmw/en-{i}")
    machine.write(ESPEAK + "en_dict")
    assert "more than the 256" in why(engines(machine)["espeak-ng"])


@pytest.mark.parametrize("name, program, voice, rest, languages", [
    ("festival", "usr/bin/festival",
     ["usr/share/festival/voices/spanish/el_diphone/festvox/el_diphone.scm"], [], ["es"]),
    ("flite", "usr/lib/aarch64-linux-gnu/libflite.so.1",
     ["usr/lib/aarch64-linux-gnu/libflite_cmu_us_slt.so.1"], [], ["en-us"]),
    ("mbrola", "usr/bin/mbrola", ["usr/share/mbrola/us1/us1"], ["usr/share/mbrola/de1/README"],
     ["en-us"]),
    ("pico", "usr/bin/pico2wave",
     ["usr/share/pico/lang/es-ES_zl0_sg.bin", "usr/share/pico/lang/es-ES_ta.bin"],
     ["usr/share/pico/lang/de-DE_ta.bin"], ["es-es"]),
    ("rhvoice", "usr/bin/RHVoice-test", ["usr/share/RHVoice/languages/English/x"],
     ["usr/share/RHVoice/voices/alan/voice.info"], ["en"])])
def test_a_synthesiser_speaks_what_it_has_a_voice_for(machine, name, program, voice, rest, languages):
    for path in rest:
        machine.write(path, "name=Alan\nlanguage=English\n")
    for path in voice:
        assert engines(machine) == {}
        machine.write(path)
    assert engines(machine) == {}
    machine.program(program)
    assert engines(machine) == {name: languages}
    os.remove(machine.at(voice[0]))
    if name == "rhvoice":
        os.rmdir(os.path.dirname(machine.at(voice[0])))
    assert engines(machine) == {name: []}


def test_piper_needs_a_voice_and_its_settings_to_be_one(machine):
    voice = "usr/share/piper-voices/en/en_US/lessac/medium/en_US-lessac-medium.onnx"
    machine.program("usr/bin/piper")
    machine.write(voice)
    assert engines(machine) == {}
    machine.write(voice, "")
    machine.write(voice + ".json")
    assert engines(machine) == {}
    machine.write(voice)
    assert engines(machine) == {"piper": ["en-us"]}


def test_screen_readers_and_the_dispatcher_are_programs(machine):
    machine.write("usr/bin/orca")
    machine.program("bin/brltty", "usr/bin/brltty", "usr/bin/speech-dispatcher")
    facts = machine.facts("speech")
    assert facts["screen_readers"] == ["brltty"] and facts["dispatcher"] is True
    machine.program("usr/bin/orca")
    assert machine.facts("speech")["screen_readers"] == ["brltty", "orca"]


@pytest.mark.parametrize("kind", ["fifo", "loop", "gigabyte"])
def test_a_voice_that_is_no_file_is_not_spoken_and_holds_nobody(machine, kind):
    espeak(machine)
    machine.write(ESPEAK + "en_dict")
    HOSTILE[kind](machine.at(ESPEAK + "lang/gmw/qq"))
    assert why(engines(machine)["espeak-ng"])


# --- fonts ---

def font(family, name_id=1):
    text = family.encode("utf-16-be")
    names = struct.pack(">6H", 0, 1, 18, 3, 1, 0x409)[:6] + struct.pack(
        ">6H", 3, 1, 0x409, name_id, len(text), 0) + text
    start = 12 + 3 * 16
    head = struct.pack(">IHHHH", 0x00010000, 3, 0, 0, 0)
    for tag, offset, length in [(b"cmap", start, 4), (b"glyf", start + 4, 4),
                                (b"name", start + 8, len(names))]:
        head += tag + struct.pack(">III", 0, offset, length)
    return head + bytes(8) + names


VERDANA = "usr/share/fonts/truetype/msttcorefonts/Verdana.ttf"


def fonts(machine):
    return machine.facts("software")["fonts"]


@pytest.mark.parametrize("path", [VERDANA, "usr/local/share/fonts/verdana.TTF",
                                  "usr/share/X11/fonts/a/b/c/verdanab.otf"])
def test_a_font_is_installed_where_there_is_a_whole_file_of_it(machine, path):
    assert fonts(machine) == []
    machine.write(path, font("Verdana"))
    assert fonts(machine) == ["Verdana"]


@pytest.mark.parametrize("data", [b"", b"x" * 100, font("Verdana")[:-1], font("DejaVu Sans"),
                                  font("Verdana", name_id=4)])
def test_a_file_that_is_called_like_a_font_is_not_the_font(machine, data):
    machine.write(VERDANA, data)
    assert fonts(machine) == []


def test_a_folder_that_links_to_itself_is_looked_at_once(machine):
    machine.write(VERDANA, font("Verdana"))
    machine.link("usr/share/fonts/again", ".")
    machine.link("usr/share/fonts/truetype/up", "..")
    machine.link("usr/share/fonts/loop", "loop")
    assert fonts(machine) == ["Verdana"]
    os.remove(machine.at(VERDANA))
    assert fonts(machine) == []


def peak_kib(machine):
    """The most memory that the agent, or a process of its, had while it looked at software."""
    agent = subprocess.Popen([AGENT, "facts", "--probe", "software", "--root", machine.path],
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(agent.pid, 0)
    agent.returncode = os.waitstatus_to_exitcode(status)
    assert agent.returncode == 0
    return usage.ru_maxrss


def test_of_a_large_font_not_more_is_read_than_its_names(machine):
    machine.write(VERDANA, font("Verdana"))
    small = peak_kib(machine)
    os.truncate(machine.at(VERDANA), 60 << 20)
    assert fonts(machine) == ["Verdana"]
    assert peak_kib(machine) < small + 8 * 1024


def test_folders_of_fonts_that_are_not_looked_at_hide_a_font(machine):
    machine.write("usr/share/fonts/" + "a/" * 7 + "README", "no folder")
    assert fonts(machine) == []
    machine.write("usr/share/fonts/" + "a/" * 8 + "verdana.ttf", font("Verdana"))
    assert "more than 8 folders" in why(fonts(machine))


def test_a_device_may_have_folders_of_fonts_of_its_own(machine):
    machine.write("etc/fonts/local.conf", "<fontconfig><dir>/srv/fonts</dir></fontconfig>")
    assert "folders of its own" in why(fonts(machine))
    machine.write("etc/fonts/local.conf", "<fontconfig><match/></fontconfig>")
    assert fonts(machine) == []


@pytest.mark.parametrize("kind", ["fifo", "gigabyte"])
def test_a_font_that_cannot_be_read_may_be_one(machine, kind):
    HOSTILE[kind](machine.at(VERDANA))
    assert "Verdana.ttf" in why(fonts(machine))


# --- processes ---

def running(machine):
    found = machine.facts("software")["running"]
    return found if isinstance(found, dict) else [(p["name"], p["kind"]) for p in found]


def process(machine, pid, comm, argv=None, state="S", flags=4194560):
    machine.write(f"proc/{pid}/comm", comm[:15] + "\n")
    if argv is not None:
        machine.write(f"proc/{pid}/cmdline", argv)
    machine.write(f"proc/{pid}/stat", f"{pid} ({comm[:15]}) {state} 1 1 1 0 -1 {flags} 0 0")


@pytest.mark.parametrize("comm, argv, name, kind", [
    ("anydesk", None, "AnyDesk", "remote_control"),
    ("obs", None, "OBS Studio", "screen_recorder"),
    ("telegram-desktop", "/usr/bin/telegram-desktop", "Telegram", "communication"),
    ("qemu-system-x86_64", "qemu-system-x86_64\0-m\0008G", "QEMU", "virtual_machine"),
    ("light-locker", None, "Light Locker", "screensaver"),
    ("onboard", None, "Onboard", "on_screen_keyboard")])
def test_a_program_that_disturbs_a_test_is_told_once(machine, comm, argv, name, kind):
    process(machine, 1, "systemd")
    process(machine, 80, "obsidian")
    assert running(machine) == []
    process(machine, 90, comm, argv)
    process(machine, 91, comm, argv)
    assert running(machine) == [(name, kind)]


def test_several_processes_of_one_program_are_one(machine):
    process(machine, 1, "systemd")
    process(machine, 2000, "TeamViewer")
    process(machine, 2001, "teamviewerd")
    process(machine, 2002, "zoom")
    assert running(machine) == [("TeamViewer", "remote_control"), ("Zoom", "communication")]


@pytest.mark.parametrize("state, flags", [("Z", 4194560), ("I", 69238880)])
def test_what_has_ended_or_is_of_the_kernel_does_not_run(machine, state, flags):
    process(machine, 1, "systemd")
    process(machine, 50, "zoom", state=state, flags=flags)
    assert running(machine) == []


def test_no_name_that_is_not_in_the_table_is_told(machine):
    process(machine, 1, "systemd")
    process(machine, 60, "my-secret-diary", "/home/maria/my-secret-diary-of-maria")
    text = json.dumps(machine.facts("software"))
    assert "secret" not in text and "maria" not in text


def test_processes_that_are_hidden_may_run(machine):
    assert why(running(machine))
    process(machine, 60, "zoom")
    assert "not all processes" in why(running(machine))
    process(machine, 1, "systemd")
    assert running(machine) == [("Zoom", "communication")]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_process_without_a_readable_name_may_be_any(machine, kind):
    process(machine, 1, "systemd")
    HOSTILE[kind](machine.at("proc/77/comm"))
    assert running(machine) == [] if kind in ("gigabyte", "no_utf8") else why(running(machine))


# --- the screen ---

KEYS = ["/org/gnome/desktop/session/idle-delay",
        "/org/gnome/settings-daemon/plugins/power/sleep-inactive-ac-type",
        "/org/gnome/settings-daemon/plugins/power/sleep-inactive-battery-type"]
NEVER = ("[org/gnome/desktop/session]\nidle-delay=uint32 0\n"
         "[org/gnome/settings-daemon/plugins/power]\nsleep-inactive-ac-type='nothing'\n"
         "sleep-inactive-battery-type='nothing'\n")


def gnome(machine, values=NEVER, locks=KEYS, profile="user-db:user\nsystem-db:local\n"):
    machine.write("usr/share/xsessions/ubuntu.desktop")
    machine.write("etc/dconf/profile/user", profile)
    machine.write("etc/dconf/db/local.d/00-test", values)
    machine.write("etc/dconf/db/local.d/locks/test", "# ours\n" + "\n".join(locks) + "\n")
    machine.write("etc/dconf/db/local")


def blanks(machine):
    return machine.facts("software")["screen_blanks"]


def test_a_screen_that_no_user_can_set_to_blank_does_not(machine):
    gnome(machine)
    assert blanks(machine) is False


def test_a_screen_that_every_user_has_to_blank_does(machine):
    gnome(machine, NEVER.replace("uint32 0", "uint32 300"))
    assert blanks(machine) is True


@pytest.mark.parametrize("changes, reason", [
    ({"locks": KEYS[1:]}, "idle-delay"), ({"locks": [KEYS[0] + "-x"] + KEYS[1:]}, "idle-delay"), ({"locks": KEYS[:1]}, "sleep-inactive-ac-type"),
    ({"profile": "user-db:user\n"}, "each user sets"),
    ({"values": ""}, "each user sets"),
    ({"values": NEVER.replace("'nothing'", "'suspend'")}, "suspend")])
def test_what_a_user_may_set_is_not_known(machine, changes, reason):
    gnome(machine, **changes)
    assert reason in why(blanks(machine))


def test_settings_that_were_not_compiled_do_not_hold(machine):
    gnome(machine)
    os.utime(machine.at("etc/dconf/db/local"), (1, 1))
    assert "dconf update" in why(blanks(machine))
    os.utime(machine.at("etc/dconf/db/local"), (time.time(), time.time() + 9))
    assert blanks(machine) is False
    os.remove(machine.at("etc/dconf/db/local"))
    assert "dconf update" in why(blanks(machine))


def test_the_last_file_and_the_lowest_lock_count(machine):
    gnome(machine, profile="user-db:user\nsystem-db:site\nsystem-db:local\n")
    machine.write("etc/dconf/db/site.d/00", "[org/gnome/desktop/session]\nidle-delay=uint32 60\n")
    machine.write("etc/dconf/db/site")
    assert blanks(machine) is False
    machine.write("etc/dconf/db/local.d/99", "[org/gnome/desktop/session]\nidle-delay=uint32 9\n")
    machine.write("etc/dconf/db/local")
    assert blanks(machine) is True


def test_of_two_locks_the_lower_one_decides_and_takes_what_is_below(machine):
    gnome(machine, profile="system-db:site\nsystem-db:local\nsystem-db:last\n")
    machine.write("etc/dconf/db/site.d/00", "[org/gnome/desktop/session]\nidle-delay=uint32 60\n")
    machine.write("etc/dconf/db/site.d/locks/00", KEYS[0])
    machine.write("etc/dconf/db/site")
    assert blanks(machine) is False
    machine.write("etc/dconf/db/last.d/00", "[org/gnome/desktop/session]\nidle-delay=uint32 60\n")
    machine.write("etc/dconf/db/last")
    assert blanks(machine) is False
    machine.write("etc/dconf/db/local.d/00-test", NEVER.replace("idle-delay", "idle"))
    machine.write("etc/dconf/db/local")
    assert blanks(machine) is True


def test_of_another_desktop_it_is_not_known(machine):
    assert "no desktop" in why(blanks(machine))
    gnome(machine)
    machine.write("usr/share/wayland-sessions/plasma.desktop")
    assert "plasma" in why(blanks(machine))


@pytest.mark.parametrize("path", ["etc/dconf/profile/user", "etc/dconf/db/local.d/00-test",
                                  "etc/dconf/db/local.d/locks/test"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_settings_that_cannot_be_read_leave_the_screen_unknown(machine, path, kind):
    gnome(machine)
    os.remove(machine.at(path))
    HOSTILE[kind](machine.at(path))
    assert why(blanks(machine))


# --- the clock ---

def zone(machine):
    return machine.facts("clock")["time_zone"]


@pytest.mark.parametrize("target", ["/usr/share/zoneinfo/America/Denver",
                                    "../usr/share/zoneinfo/America/Denver"])
def test_the_time_zone_is_where_the_link_points(machine, target):
    machine.link("etc/localtime", target)
    machine.write("etc/timezone", "Europe/Rome\n")
    assert "not installed" in why(zone(machine))
    machine.write("usr/share/zoneinfo/America/Denver")
    assert zone(machine) == "America/Denver"


@pytest.mark.parametrize("target", ["/etc/zone", "/usr/share/zoneinfo/../../../etc/passwd",
                                    "/usr/share/zoneinfo/"])
def test_a_link_to_somewhere_else_names_no_zone(machine, target):
    machine.link("etc/localtime", target)
    assert "names a time zone" in why(zone(machine))


def test_a_copy_has_the_zone_that_debian_wrote_down_if_it_is_that(machine):
    machine.write("etc/localtime", "TZif mountain")
    assert why(zone(machine))
    machine.write("etc/timezone", "America/Denver\n")
    machine.write("usr/share/zoneinfo/America/Denver", "TZif atlantic")
    assert "is not the time zone" in why(zone(machine))
    machine.write("usr/share/zoneinfo/America/Denver", "TZif mountain")
    assert zone(machine) == "America/Denver"


@pytest.mark.parametrize("path", ["etc/localtime", "etc/timezone"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_time_zone_that_cannot_be_read_is_unknown(machine, path, kind):
    if path == "etc/timezone":
        machine.write("etc/localtime", "TZif")
    HOSTILE[kind](machine.at(path))
    assert why(zone(machine))


def test_a_recorded_machine_has_only_a_note_of_its_clock(machine):
    assert why(machine.facts("clock")["synchronised"])
    machine.write("run/systemd/timesync/synchronized", "")
    assert machine.facts("clock")["synchronised"] is True


def test_the_clock_of_this_machine_is_what_the_kernel_says():
    done = subprocess.run([AGENT, "facts", "--probe", "clock"], check=True, capture_output=True)
    assert json.loads(done.stdout)["clock"]["synchronised"] in (True, False)
