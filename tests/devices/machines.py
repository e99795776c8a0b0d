# SPDX-License-Identifier: Apache-2.0
"""The machines of this folder: what runs a program on one of them, and its files.

facts_of() gives what the agent says, facts_of_devices() of devices that a test makes up.
"""
import glob
import json
import os
import re
import shutil
import stat
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
AGENT = os.path.join(ROOT, BUILD, "testready-agent")
# Real machines and what is known of them, published by their owners; not part of the project.
SHARED = os.path.join(os.path.dirname(ROOT), "shared/devices")
# Programs that a browser's folder must hold; a real one is put there, for this machine.
PROGRAMS = {"laptop-usb-headset": ["opt/CASecureBrowser/CASecureBrowser"]}
# What cannot be in a folder under version control, or is binary: sockets, and fonts by family.
SOCKETS = {"teacher-laptop": ["run/cups/cups.sock"]}
FONTS = {"laptop-usb-headset": {"usr/share/fonts/truetype/msttcorefonts/Verdana.ttf": "Verdana"},
         "teacher-laptop": {"usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "DejaVu Sans"}}
# What a secure browser needs, as a release of Ubuntu has it: its name, the file, and what is in it.
LIBRARIES = {
    "18.04": [("libc.so.6", "libc.so.6", b"\x7fELF\0GLIBC_2.2.5\0GLIBC_2.27\0"),
              ("libstdc++.so.6", "libstdc++.so.6.0.25", b"\x7fELF"),
              ("libgtk-3.so.0", "libgtk-3.so.0.2200.30", b"\x7fELF")],
    "22.04": [("libc.so.6", "libc.so.6", b"\x7fELF\0GLIBC_2.2.5\0GLIBC_2.35\0"),
              ("libstdc++.so.6", "libstdc++.so.6.0.30", b"\x7fELF"),
              ("libgtk-3.so.0", "libgtk-3.so.0.2404.29", b"\x7fELF")],
}


def names():
    return sorted(os.path.basename(path).removesuffix(".umockdev")
                  for path in glob.glob(os.path.join(HERE, "*.umockdev")))


def command(name):
    """The words before a command line that make it run on machine @name."""
    words = ["umockdev-run", "-d", os.path.join(HERE, name + ".umockdev")]
    # Scripts that say what ALSA, BlueZ and CUPS of the machine would.
    helpers = os.path.join(HERE, name + ".helpers")
    if os.path.isdir(helpers):
        words = ["env", "TESTREADY_HELPERS=" + helpers, *words]
    for path in glob.glob(os.path.join(HERE, name + ".event*.ioctl")):
        node = os.path.basename(path).split(".")[-2]
        words += ["-i", f"/dev/input/{node}={path}"]
    return words + ["--"]


def needed_by(program):
    """The names of the libraries that a program needs, and its loader."""
    text = subprocess.run(["readelf", "-ldW", program], check=True, capture_output=True,
                          text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text), re.findall(r"interpreter: (.*)\]", text)


def font(family):
    """The least that is a TrueType font of @family: its name, characters and outlines."""
    text = family.encode("utf-16-be")
    names = struct.pack(">HHH6H", 0, 1, 18, 3, 1, 0x409, 1, len(text), 0) + text
    tables = {b"cmap": b"\0" * 4, b"glyf": b"\0" * 4, b"name": names}
    offset = 12 + 16 * len(tables)
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 0, 0, 0)
    for tag, data in tables.items():
        head += tag + struct.pack(">III", 0, offset, len(data))
        offset += len(data)
    return head + b"".join(tables.values())


def prepare_root(name, root):
    """Copy the files of machine @name to the folder @root, which is made."""
    shutil.copytree(os.path.join(HERE, name + ".root"), root, symlinks=True)
    for path, family in FONTS.get(name, {}).items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "wb") as f:
            f.write(font(family))
    for path in SOCKETS.get(name, []):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        os.mknod(os.path.join(root, path), stat.S_IFSOCK | 0o600)
    for path in PROGRAMS.get(name, []):
        shutil.copy("/bin/true", os.path.join(root, path))
        libraries, loaders = needed_by("/bin/true")
        for stub in loaders + ["/usr/lib/" + library for library in libraries]:
            os.makedirs(os.path.dirname(root + stub), exist_ok=True)
            open(root + stub, "w").close()
    return root


def put_libraries(root, release):
    """Into the folder @root: the LIBRARIES of a @release, in place of stubs that name no version."""
    folder = os.path.join(root, "usr/lib")
    os.makedirs(folder, exist_ok=True)
    for soname, file_name, content in LIBRARIES[release]:
        for path in {os.path.join(folder, name) for name in (soname, file_name)}:
            if os.path.lexists(path):
                os.remove(path)
        with open(os.path.join(folder, file_name), "wb") as f:
            f.write(content)
        if soname != file_name:
            os.symlink(file_name, os.path.join(folder, soname))


def facts_of(arguments, timeout=60, user=None):
    """What a command line that ends in `testready-agent facts` says."""
    done = subprocess.run(arguments, capture_output=True, timeout=timeout, user=user)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


def facts_of_root(root, **options):
    return facts_of([AGENT, "facts", "--root", str(root)], **options)


def facts_of_devices(blocks, folder):
    """Of a machine with the devices @blocks, each a list of lines for umockdev."""
    path = os.path.join(folder, "made.umockdev")
    with open(path, "w") as f:
        f.write("\n".join("".join(line + "\n" for line in block) for block in blocks))
    root = os.path.join(HERE, "lookalikes.root")
    return facts_of(["umockdev-run", "-d", path, "--", AGENT, "facts", "--root", root])
