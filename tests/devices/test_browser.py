# SPDX-License-Identifier: Apache-2.0
"""Copies of the secure browser: which there are, whether they can start, and what tries to fool us."""
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile

import machines
import pytest
from machines import AGENT, ROOT, facts_of_root

MOUNTS = "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
INI = "[App]\nVendor=AIR\nName={name}\nVersion={version}\nBuildID=20240501000000\n"
SPARSE = 1 << 30


def write(path, text="", mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, mode)


def make_machine(root, mounts=MOUNTS):
    """A root with the libraries that /bin/true needs, on which a copy of it can start."""
    write(f"{root}/proc/self/mountinfo", mounts)
    libraries, loaders = machines.needed_by("/bin/true")
    for stub in loaders + ["/usr/lib/" + library for library in libraries]:
        write(f"{root}{stub}")


def add_copy(root, folder, version="14.0", program=None):
    """A whole copy in @folder ("/opt/CASecureBrowser"); its program is a real one, or @program."""
    name = re.sub(r"[\d.]+$", "", os.path.basename(folder))
    if version:
        write(f"{root}{folder}/application.ini", INI.format(name=name, version=version))
    write(f"{root}{folder}/{name}.sh", "#!/bin/sh\n", 0o755)
    if program is None:
        with open("/bin/true", "rb") as f:
            program = f.read()
    write(f"{root}{folder}/{name}", program, 0o755)
    return f"{root}{folder}"


def add_entry(root, command, name="browser"):
    write(f"{root}/usr/share/applications/{name}.desktop",
          f"[Desktop Entry]\nType=Application\nVersion=1.0\nName=x\nExec={command}\n")


def browser_of(root, **options):
    return facts_of_root(root, **options)["browser"]


def by_version(root):
    return {install["version"]: install for install in browser_of(root)["installs"]}


# What is required of the copies, as a state would.
PROFILE = {
    "profile": "copies", "title": "Copies", "source": "a test",
    "freshness_hours": {"default": 1, "last_week": 1, "last_day": 1},
    "certification": {"coverage_percent": 95, "devices_percent": 95, "browser_percent": 100,
                      "latest_last_day": "2030-07-15", "minimum_weekdays": 25},
    "requirements": [dict(r, roles=["student"], source="a test",
                          fix={"id": "fix", "text": "Fix it.", "minutes": 1}) for r in (
        {"id": "browser.version", "severity": "required", "title": "This year's browser",
         "check": {"any": "browser.installs", "where": {"all_of": [
             {"fact": "version", "version_in": "14.0.."}, {"fact": "launchable", "is": True}]}}},
        {"id": "browser.one", "severity": "recommended", "title": "One copy",
         "check": {"fact": "browser.copies", "at_most": 1}},
        {"id": "browser.local", "severity": "recommended", "title": "On a local disk",
         "check": {"every": "browser.installs",
                   "where": {"fact": "on_network_mount", "is": False}}})]}


def check(root, folder):
    """What `check --json` says by PROFILE: its exit status, and the results by requirement."""
    path = os.path.join(folder, "profile.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(PROFILE, f)
    done = subprocess.run([AGENT, "check", "--json", "--role", "student", "--profile", path,
                           "--root", str(root)], capture_output=True, timeout=60, text=True)
    answer = json.loads(done.stdout)
    return done.returncode, {r["id"]: r for r in answer["results"]}


@pytest.fixture
def three_copies(tmp_path):
    """This year's, an older one on a server, and one whose program lacks a library."""
    root = tmp_path / "three"
    make_machine(root, MOUNTS + "30 22 0:40 / /srv/apps rw - nfs4 server:/apps rw,vers=4.2\n")
    add_copy(root, "/opt/CASecureBrowser", "14.0")
    add_copy(root, "/srv/apps/CASecureBrowser", "13.0")
    add_entry(root, "/srv/apps/CASecureBrowser/CASecureBrowser.sh")
    broken = add_copy(root, "/usr/local/CASecureBrowser", "15.0")
    build_library(broken, "libabsent.so.2")
    build_library(broken, "libxul.so", ["libabsent.so.2"])
    os.remove(os.path.join(broken, "libabsent.so.2"))
    return root


def test_of_three_copies_the_whole_ones_the_broken_one_and_the_one_on_a_server_are_told_apart(
        three_copies):
    browser = browser_of(three_copies)
    assert (browser["copies"], browser["unread_folders"], len(browser["installs"])) == (3, 0, 3)
    right, server, broken = (by_version(three_copies)[v] for v in ("14.0", "13.0", "15.0"))
    assert (right["path"], right["launchable"]) == ("/opt/CASecureBrowser", True)
    assert right["on_network_mount"] is False and right["desktop_entries"] == 0
    # It can start, and only where it lies speaks against it.
    assert server["on_network_mount"] is True and server["launchable"] is True
    assert (server["path"], server["desktop_entries"]) == ("\u2026/CASecureBrowser", 1)
    assert (broken["path"], broken["launchable"]) == ("/usr/local/CASecureBrowser", False)
    assert broken["missing_libraries"] == ["libabsent.so.2"]
    assert broken["on_network_mount"] is False


def test_of_three_copies_the_right_one_passes_and_the_others_are_warned_of(three_copies, tmp_path):
    status, results = check(three_copies, tmp_path)
    assert status == 0
    assert results["browser.version"]["result"] == "pass"
    assert "version 14.0, able to start" in results["browser.version"]["observed"]
    assert results["browser.one"]["result"] == "fail"
    assert results["browser.one"]["observed"].endswith("3")
    assert results["browser.local"]["result"] == "fail"
    assert "on a network drive" in results["browser.local"]["observed"]


def test_of_three_copies_a_broken_one_of_the_right_version_passes_for_none(three_copies, tmp_path):
    os.chmod(f"{three_copies}/opt/CASecureBrowser/CASecureBrowser.sh", 0o644)
    assert by_version(three_copies)["14.0"]["why_not"] == \
        "CASecureBrowser.sh may not be executed"
    status, results = check(three_copies, tmp_path)
    assert status == 1 and results["browser.version"]["result"] == "fail"


def test_a_copy_that_is_reached_by_two_names_is_one(tmp_path):
    make_machine(tmp_path)
    add_copy(tmp_path, "/opt/CASecureBrowser14.0")
    os.symlink("CASecureBrowser14.0", tmp_path / "opt/CASecureBrowser")
    add_entry(tmp_path, "/opt/CASecureBrowser/CASecureBrowser.sh")
    browser = browser_of(tmp_path)
    assert browser["copies"] == 1
    assert [i["desktop_entries"] for i in browser["installs"]] == [1]


def test_folders_that_lead_nowhere_hold_no_copy(tmp_path):
    make_machine(tmp_path)
    os.makedirs(tmp_path / "opt")
    for link, target in (("CASecureBrowser", "CASecureBrowser"), ("SBACSecureBrowser", "/gone"),
                         ("ORSecureBrowser", "../opt/HISecureBrowser"),
                         ("HISecureBrowser", "../opt/ORSecureBrowser")):
        os.symlink(target, tmp_path / "opt" / link)
    add_entry(tmp_path, "/opt/CASecureBrowser/CASecureBrowser.sh")
    browser = browser_of(tmp_path)
    assert (browser["installs"], browser["copies"], browser["unread_folders"]) == ([], 0, 0)


def test_one_copy_is_not_the_only_one_while_a_folder_is_closed(tmp_path):
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        make_machine(root)
        add_copy(root, "/opt/CASecureBrowser")
        os.makedirs(os.path.join(root, "home/closed"))
        os.chmod(os.path.join(root, "home/closed"), 0)
        user = 65534 if os.geteuid() == 0 else None
        browser = browser_of(root, user=user)
    assert len(browser["installs"]) == 1 and browser["unread_folders"] > 0
    assert browser["copies"]["unknown"].startswith("1 found, but")


# What tries to fool or to hold us

@pytest.mark.parametrize("kind, why", [
    ("gigabyte", "larger than"), ("fifo", "not a regular file"), ("loop", "symbolic links"),
    ("folder", "not a regular file"), ("zeros", "no [App]"), ("binary", "no [App]")])
def test_names_do_not_stand_in_for_an_application_ini_that_cannot_be_read(kind, why, tmp_path):
    make_machine(tmp_path)
    copy = add_copy(tmp_path, "/opt/CASecureBrowser14.0", version=None)
    path = os.path.join(copy, "application.ini")
    if kind == "gigabyte":
        write(path, "[App]\nName=CASecureBrowser\nVersion=99.0\n")
        os.truncate(path, SPARSE)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "loop":
        os.symlink("application.ini.bak", path)
        os.symlink("application.ini", path + ".bak")
    elif kind == "folder":
        os.mkdir(path)
    else:
        write(path, bytes(60000) if kind == "zeros" else os.urandom(4096).replace(b"[", b"("))
    install, = browser_of(tmp_path, timeout=60)["installs"]
    assert install["version_from"] == "nowhere"
    assert why in install["version"]["unknown"]
    # These were not asked, so they are no reason.
    assert "folder" not in install["version"]["unknown"]


@pytest.mark.parametrize("command, folder", [
    ("env FOO=bar /srv/x/CASecureBrowser/CASecureBrowser.sh %U", "/srv/x/CASecureBrowser"),
    ('"/srv/x/with space/CASecureBrowser/CASecureBrowser.sh" %u',
     "/srv/x/with space/CASecureBrowser"),
    ('sh -c "touch TRAP; /srv/x/CASecureBrowser/CASecureBrowser.sh"', "/srv/x/CASecureBrowser"),
    ('sh -c "cd /srv/x/CASecureBrowser && ./CASecureBrowser.sh"', "/srv/x/CASecureBrowser"),
    ("bash -c '/srv/x/CASecureBrowser/CASecureBrowser.sh;touch TRAP'", "/srv/x/CASecureBrowser"),
    ("env LD_PRELOAD=/srv/x/CASecureBrowser/CASecureBrowser true", "/srv/x/CASecureBrowser"),
    ("$(touch TRAP) `touch TRAP` /srv/x/CASecureBrowser/CASecureBrowser", "/srv/x/CASecureBrowser"),
    ("/srv/x/CASecureBrowser/../../../../../../../../../../etc/CASecureBrowser", None),
    ("/CASecureBrowser", None), ("CASecureBrowser", None), ("~/CASecureBrowser/x", None),
    ("%" * 5000, None), ('"' * 4, None), ("/" * 20000 + "CASecureBrowser", None),
    ("sh -c \"" + "a;" * 255 + "/srv/x/CASecureBrowser/CASecureBrowser\"", "/srv/x/CASecureBrowser"),
    ("a " * 63 + "/srv/x/CASecureBrowser/CASecureBrowser", "/srv/x/CASecureBrowser")])
def test_what_a_desktop_entry_would_start_is_found_and_not_started(command, folder, tmp_path):
    root = tmp_path / "root"
    make_machine(root)
    trap = tmp_path / "trap"
    add_entry(root, command.replace("TRAP", str(trap)))
    if folder:
        add_copy(root, folder)
    browser = browser_of(root)
    assert [i["desktop_entries"] for i in browser["installs"]] == ([1] if folder else [])
    assert browser["copies"] == (1 if folder else 0)
    assert not trap.exists()


@pytest.mark.parametrize("command, links", [
    ("/usr/local/bin/CASecureBrowser.sh",
     {"usr/local/bin/CASecureBrowser.sh": "/srv/x/CASecureBrowser/CASecureBrowser.sh"}),
    ("/usr/local/bin/CASecureBrowser.sh",
     {"usr/local/bin/CASecureBrowser.sh": "../../../srv/x/CASecureBrowser/CASecureBrowser.sh"}),
    ("CASecureBrowser", {"usr/bin/CASecureBrowser": "../../srv/x/CASecureBrowser/CASecureBrowser"}),
    ("/usr/bin/start-test",
     {"usr/bin/start-test": "/etc/alternatives/start-test",
      "etc/alternatives/start-test": "/srv/x/CASecureBrowser/CASecureBrowser.sh"}),
    ("/srv/x/CASecureBrowser/CASecureBrowser.sh",
     {"srv/x/CASecureBrowser/CASecureBrowser.sh": "/usr/bin/start"})])
def test_a_desktop_entry_may_start_a_link_to_the_browser(command, links, tmp_path):
    make_machine(tmp_path)
    add_copy(tmp_path, "/srv/x/CASecureBrowser")
    add_entry(tmp_path, command)
    for path, target in links.items():
        os.makedirs(os.path.dirname(tmp_path / path), exist_ok=True)
        if os.path.exists(tmp_path / path):
            os.remove(tmp_path / path)
        os.symlink(target, tmp_path / path)
    browser = browser_of(tmp_path)
    install, = browser["installs"]
    assert (install["path"], install["version"]) == ("\u2026/CASecureBrowser", "14.0")
    assert (install["desktop_entries"], browser["copies"]) == (1, 1)


def test_links_that_lead_in_a_circle_start_no_browser(tmp_path):
    make_machine(tmp_path)
    os.makedirs(tmp_path / "usr/bin")
    os.symlink("b", tmp_path / "usr/bin/a")
    os.symlink("a", tmp_path / "usr/bin/b")
    add_entry(tmp_path, "/usr/bin/a")
    assert (browser_of(tmp_path)["installs"], browser_of(tmp_path)["copies"]) == ([], 0)


@pytest.mark.parametrize("command", [
    "sh -c \"" + "a;" * 256 + "/srv/x/CASecureBrowser/CASecureBrowser\"",
    "a " * 64 + "/srv/x/CASecureBrowser/CASecureBrowser", '"' * 5001])
def test_a_command_too_long_to_be_right_may_start_a_copy(command, tmp_path):
    make_machine(tmp_path)
    add_copy(tmp_path, "/srv/x/CASecureBrowser")
    add_copy(tmp_path, "/opt/CASecureBrowser")
    add_entry(tmp_path, command)
    browser = browser_of(tmp_path)
    assert len(browser["installs"]) == 1 and browser["unread_folders"] == 1
    assert "unknown" in browser["copies"]


def elf(phoff=64, phentsize=56, phnum=1, segments=()):
    """The header of a 64-bit program, with what the segments say."""
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, phoff, 0, 0, 64, phentsize, phnum,
                                 0, 0, 0)
    return header + b"".join(struct.pack("<IIQQQQQQ", *s) for s in segments)


HUGE = (1 << 64) - 1
DYNAMIC, INTERP, LOAD = 2, 3, 1


@pytest.mark.parametrize("program", [
    b"", b"\x7fELF", elf(), elf(phoff=HUGE), elf(phentsize=0), elf(phnum=65535),
    elf(segments=[(INTERP, 4, HUGE, 0, 0, HUGE, HUGE, 1)]),
    elf(segments=[(DYNAMIC, 4, HUGE - 8, 0, 0, HUGE, HUGE, 1)]),
    elf(segments=[(DYNAMIC, 4, 0, 0, 0, HUGE, HUGE, 1)]),
    elf(phnum=2, segments=[(LOAD, 4, 0, 0, 0, HUGE, HUGE, 1), (DYNAMIC, 4, 64, 64, 64, 112, 112, 8)]),
    b"#!/bin/sh\n", b"MZ" + bytes(200)],
    ids=["empty", "magic", "no segments", "far away", "no size", "many", "loader", "needs",
         "endless", "overlap", "script", "windows"])
def test_a_program_with_an_absurd_header_cannot_be_started(program, tmp_path):
    make_machine(tmp_path)
    add_copy(tmp_path, "/opt/CASecureBrowser", program=program)
    install, = browser_of(tmp_path, timeout=60)["installs"]
    assert install["launchable"] is False
    assert install["why_not"].startswith("CASecureBrowser: ")


def test_a_thousand_desktop_entries_are_counted_and_more_are_not_believed(tmp_path):
    make_machine(tmp_path)
    add_copy(tmp_path, "/opt/CASecureBrowser")
    for i in range(1000):
        add_entry(tmp_path, "/opt/CASecureBrowser/CASecureBrowser.sh %u", f"b{i}")
    install, = browser_of(tmp_path)["installs"]
    assert install["desktop_entries"] == 1000
    add_entry(tmp_path, "/opt/CASecureBrowser/CASecureBrowser.sh %u", "one-more")
    browser = browser_of(tmp_path)
    assert "more than 1000" in browser["installs"][0]["desktop_entries"]["unknown"]
    assert browser["copies"] == 1


@pytest.mark.parametrize("n", [64, 65, 200])
def test_of_many_copies_the_number_is_told_even_where_the_list_is_not(n, tmp_path):
    make_machine(tmp_path)
    for i in range(n):
        add_copy(tmp_path, f"/opt/CASecureBrowser{i}.0")
    browser = browser_of(tmp_path, timeout=60)
    assert browser["copies"] == n and browser["unread_folders"] == 0
    if n == 64:
        assert len(browser["installs"]) == n
    else:
        assert "unknown" in browser["installs"]


def test_more_copies_than_can_be_right_are_no_number(tmp_path):
    make_machine(tmp_path)
    for i in range(300):
        os.makedirs(tmp_path / f"opt/CASecureBrowser{i}")
        write(tmp_path / f"opt/CASecureBrowser{i}/CASecureBrowser.sh", "", 0o755)
    browser = browser_of(tmp_path, timeout=60)
    assert "unknown" in browser["copies"] and browser["unread_folders"] == 300 - 256


# Products

def test_a_product_is_known_once_there_is_a_file_of_it(tmp_path):
    """Nothing but a file in agent/data/browsers/ is needed for the table that is compiled in."""
    folder = tmp_path / "browsers"
    shutil.copytree(os.path.join(ROOT, "agent/data/browsers"), folder)
    main = tmp_path / "main.c"
    main.write_text('#include <stdio.h>\n#include "agent/probe/browser_product.h"\n'
                    "int main(int argc, char **argv)\n{\n"
                    "const struct browser_product *p = browser_product_find(argv[1]);\n"
                    "(void)argc;\n"
                    'puts(p ? p->launcher : "none");\nreturn 0;\n}\n')

    def launcher_of(name):
        files = sorted(str(path) for path in folder.iterdir())
        rows = subprocess.run(["awk", "-f", os.path.join(ROOT, "agent/data/gen.awk"), *files],
                              check=True, capture_output=True, text=True).stdout
        (tmp_path / "browsers.inc").write_text(rows)
        sources = [os.path.join(ROOT, path) for path in (
            "agent/probe/browser_product.c", "common/base/text.c", "common/base/mem.c")]
        subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-I", str(tmp_path), "-I", ROOT, "-o",
                        str(tmp_path / "main"), str(main), *sources], check=True)
        return subprocess.run([str(tmp_path / "main"), name], check=True, capture_output=True,
                              text=True).stdout.strip()

    assert launcher_of("ExampleLockdown") == "none"
    (folder / "example.browser").write_text("product=ExampleLockdown*\nvendors=Example\n"
                                            "folders=/opt\nlauncher=start-NAME\n")
    assert launcher_of("ExampleLockdown") == "start-NAME"
    assert launcher_of("CASecureBrowser") == "NAME.sh"


# Files of a copy

def test_a_library_that_is_missing_is_named(tmp_path):
    root = machines.prepare_root("laptop-usb-headset", str(tmp_path / "root"))
    shutil.rmtree(os.path.join(root, "usr/lib"))
    install, = facts_of_root(root)["browser"]["installs"]
    libraries, _ = machines.needed_by("/bin/true")
    assert install["launchable"] is False
    assert sorted(install["missing_libraries"]) == sorted(libraries)
    assert install["why_not"] == "libraries are not installed: " + ", ".join(libraries)


def build_library(folder, name, needs=()):
    """A library without code that needs the libraries @needs of the same folder."""
    arguments = ["-Wl,--no-as-needed", "-L" + folder] + ["-l:" + need for need in needs]
    subprocess.run(["gcc", "-shared", "-nostdlib", "-Wl,-soname," + name, "-o",
                    os.path.join(folder, name), "-x", "c", "/dev/null"] + arguments, check=True)


def test_what_the_browser_brings_is_looked_at_and_what_it_brings_not_is_named(tmp_path):
    root = machines.prepare_root("laptop-usb-headset", str(tmp_path / "root"))
    folder = os.path.join(root, "opt/CASecureBrowser")
    build_library(folder, "libabsent.so.2")
    build_library(folder, "libmozgtk.so", ["libabsent.so.2"])
    build_library(folder, "libxul.so", ["libmozgtk.so", "libabsent.so.2"])
    with open(os.path.join(folder, "dependentlibs.list"), "w") as f:
        f.write("libmozgtk.so\nlibxul.so\n")
    install, = facts_of_root(root)["browser"]["installs"]
    assert install["launchable"] is True and install["missing_libraries"] == []
    os.remove(os.path.join(folder, "libabsent.so.2"))
    install, = facts_of_root(root)["browser"]["installs"]
    assert install["launchable"] is False
    assert install["missing_libraries"] == ["libabsent.so.2"]


# The header of a 32-bit library, as 64-bit programs cannot use it.
OTHER_KIND = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHI", 3, 3, 1) + bytes(28)


def test_a_library_for_another_kind_of_program_is_gone_past_as_by_ld_so(tmp_path):
    make_machine(tmp_path)
    folder = add_copy(tmp_path, "/opt/CASecureBrowser")
    assert browser_of(tmp_path)["installs"][0]["launchable"] is True
    libraries, _ = machines.needed_by("/bin/true")
    # Fedora has those for 32-bit programs in /usr/lib, and they are installed one by one.
    for library in libraries:
        write(f"{tmp_path}/usr/lib/{library}", OTHER_KIND)
        write(f"{folder}/{library}", OTHER_KIND)
    install, = browser_of(tmp_path)["installs"]
    assert install["launchable"] is False
    assert sorted(install["missing_libraries"]) == sorted(libraries)


def test_a_copy_that_is_mixed_of_two_kinds_cannot_be_started(tmp_path):
    make_machine(tmp_path)
    folder = add_copy(tmp_path, "/opt/CASecureBrowser")
    write(f"{folder}/libxul.so", OTHER_KIND)
    install, = browser_of(tmp_path)["installs"]
    assert install["launchable"] is False
    assert install["why_not"] == \
        "libxul.so and CASecureBrowser are built for two kinds of processor"


def test_a_copy_that_was_cut_off_cannot_be_started(tmp_path):
    make_machine(tmp_path)
    folder = add_copy(tmp_path, "/opt/CASecureBrowser")
    with open("/bin/true", "rb") as f:
        program = f.read()
    # As a full disk leaves it: all that says what it needs is there, and its data are not.
    sections, = struct.unpack_from("<Q", program, 40)
    write(f"{folder}/CASecureBrowser", program[:sections], 0o755)
    assert browser_of(tmp_path)["installs"][0]["launchable"] is True
    ends = [offset + size for kind, offset, size in segments_of(program) if kind == LOAD]
    write(f"{folder}/CASecureBrowser", program[:max(ends) - 1], 0o755)
    install, = browser_of(tmp_path)["installs"]
    assert install["launchable"] is False
    assert install["why_not"] == "CASecureBrowser: damaged: its end is missing"


@pytest.mark.parametrize("change, why", [
    (lambda folder: os.chmod(f"{folder}/CASecureBrowser.sh", 0o711),
     "CASecureBrowser.sh may not be read"),
    (lambda folder: os.chmod(f"{folder}/CASecureBrowser.sh", 0o754),
     "CASecureBrowser.sh may not be executed"),
    (lambda folder: os.chmod(f"{folder}/CASecureBrowser", 0o744),
     "CASecureBrowser may not be executed"),
    (lambda folder: os.truncate(f"{folder}/CASecureBrowser.sh", 0),
     "CASecureBrowser.sh is empty"),
    pytest.param(lambda folder: os.chmod(folder, 0o750), "not everyone may enter its folder",
                 marks=pytest.mark.skipif(os.geteuid() != 0, reason="root gets in to see it"))])
@pytest.mark.parametrize("place", ["/opt", "/home/student"])
def test_who_sits_there_must_have_the_right_to_start_it(place, change, why, tmp_path):
    make_machine(tmp_path)
    change(add_copy(tmp_path, place + "/CASecureBrowser"))
    install, = browser_of(tmp_path)["installs"]
    # In a home it is enough that its owner may.
    if place == "/opt" or "empty" in why:
        assert (install["launchable"], install["why_not"]) == (False, why)
    else:
        assert install["launchable"] is True


def segments_of(program):
    """Type, offset and size of each segment of a 64-bit program."""
    start, = struct.unpack_from("<Q", program, 32)
    size, n = struct.unpack_from("<HH", program, 54)
    for at in range(start, start + size * n, size):
        yield (*struct.unpack_from("<I4xQ", program, at),
               *struct.unpack_from("<Q", program, at + 32))


def test_homes_that_are_closed_make_no_browser_a_guess():
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        os.makedirs(os.path.join(root, "home/closed"))
        os.chmod(os.path.join(root, "home/closed"), 0)
        # As root nothing is closed.
        user = 65534 if os.geteuid() == 0 else None
        browser = facts_of_root(root, user=user)["browser"]
    assert browser["unread_folders"] > 0
    assert "none was found" in browser["installs"]["unknown"]


def test_what_it_loads_and_where_it_is_mounted_has_to_be_told_for_a_browser_to_start(tmp_path):
    root = machines.prepare_root("laptop-usb-headset", str(tmp_path / "root"))
    os.mkfifo(os.path.join(root, "opt/CASecureBrowser/dependentlibs.list"))
    install, = facts_of_root(root)["browser"]["installs"]
    assert "dependentlibs.list" in install["launchable"]["unknown"]
    os.remove(os.path.join(root, "opt/CASecureBrowser/dependentlibs.list"))
    os.remove(os.path.join(root, "proc/self/mountinfo"))
    install, = facts_of_root(root)["browser"]["installs"]
    assert "noexec" in install["launchable"]["unknown"]
    assert "mounted" in install["on_network_mount"]["unknown"]


@pytest.mark.parametrize("kind, network", [
    ("ext4", False), ("cifs", True), ("fuse.sshfs", True), ("fuse.new-cloud", None)])
def test_a_copy_is_on_a_server_or_not_or_nobody_can_tell(kind, network, tmp_path):
    make_machine(tmp_path, MOUNTS + f"30 22 0:40 / /opt rw - {kind} x rw\n")
    add_copy(tmp_path, "/opt/CASecureBrowser")
    install, = browser_of(tmp_path)["installs"]
    assert install["launchable"] is True
    if network is None:
        assert "FUSE" in install["on_network_mount"]["unknown"]
    else:
        assert install["on_network_mount"] is network


@pytest.mark.parametrize("closed, mode", [
    ("opt", 0o744),                             # its names can be read, and no more
    ("opt/CASecureBrowser", 0),                 # its name says what it is, and that is all
    ("opt/CASecureBrowser/deeper", 0),          # a desktop entry starts what is in there
    ("usr/share/applications/browser.desktop", 0)])
def test_what_cannot_be_looked_at_is_not_taken_for_absent(closed, mode):
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        os.makedirs(os.path.join(root, "opt/CASecureBrowser/deeper/SBACSecureBrowser"))
        os.makedirs(os.path.join(root, "usr/share/applications"))
        with open(os.path.join(root, "usr/share/applications/browser.desktop"), "w") as f:
            f.write("[Desktop Entry]\nExec=/opt/CASecureBrowser/deeper/SBACSecureBrowser/"
                    "SBACSecureBrowser.sh\n" if closed.count("/") > 1 else "")
        os.chmod(os.path.join(root, closed), mode)
        user = 65534 if os.geteuid() == 0 else None
        browser = facts_of_root(root, user=user)["browser"]
        os.chmod(os.path.join(root, closed), 0o755)
    assert browser["unread_folders"] > 0
    assert "none was found" in browser["installs"]["unknown"]


@pytest.mark.parametrize("folder, tarball, ini, version, source", [
    ("CASecureBrowser", "CASecureBrowser14.0", None, "14.0", "tarball"),
    ("CASecureBrowser12.5", None, None, "12.5", "folder"),
    ("CASecureBrowser14", "CASecureBrowser14.0", None, "14.0", "tarball"),
    ("CASecureBrowser12.5", "CASecureBrowser14.0", None, None, "nowhere"),
    ("CASecureBrowser12.5", "CASecureBrowser14.0", "13.0", "13.0", "application.ini"),
    ("CASecureBrowser14.0", "CASecureBrowser14.0", "beta", None, "nowhere"),
    ("CASecureBrowser14.0", None, "", "14.0", "folder")])
def test_a_version_is_that_of_the_copy_and_not_of_what_lies_beside_it(
        folder, tarball, ini, version, source, tmp_path):
    copy = tmp_path / "opt" / folder
    copy.mkdir(parents=True)
    (copy / (folder + ".sh")).touch()
    if tarball:
        (tmp_path / "opt" / (tarball + ".tar.bz2")).touch()
    if ini is not None:
        (copy / "application.ini").write_text(f"[App]\nName=CASecureBrowser\nVersion={ini}\n")
    install, = facts_of_root(tmp_path)["browser"]["installs"]
    assert install["version_from"] == source
    if version is None:
        assert "unknown" in install["version"]
    else:
        assert install["version"] == version


def test_a_folder_of_homes_somewhere_else_is_not_told(tmp_path):
    copy = tmp_path / "srv/homes/jdoe/CASecureBrowser"
    copy.mkdir(parents=True)
    (copy / "CASecureBrowser.sh").touch()
    entries = tmp_path / "usr/share/applications"
    entries.mkdir(parents=True)
    (entries / "b.desktop").write_text("[Desktop Entry]\nExec=/srv/homes/jdoe/CASecureBrowser/"
                                       "CASecureBrowser.sh\n")
    facts = facts_of_root(tmp_path)
    install, = facts["browser"]["installs"]
    assert install["path"] == "\u2026/CASecureBrowser"
    assert "jdoe" not in json.dumps(facts)
