# SPDX-License-Identifier: Apache-2.0
"""The machines of this folder: what runs a program on one of them, and its files."""
import glob
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# Programs that a browser's folder must hold; a real one is put there, for this machine.
PROGRAMS = {"laptop-usb-headset": ["opt/CASecureBrowser/CASecureBrowser"]}


def names():
    return sorted(os.path.basename(path).removesuffix(".umockdev")
                  for path in glob.glob(os.path.join(HERE, "*.umockdev")))


def command(name):
    """The words before a command line that make it run on machine @name."""
    words = ["umockdev-run", "-d", os.path.join(HERE, name + ".umockdev")]
    for path in glob.glob(os.path.join(HERE, name + ".event*.ioctl")):
        node = os.path.basename(path).split(".")[-2]
        words += ["-i", f"/dev/input/{node}={path}"]
    return words + ["--"]


def needed_by(program):
    """The names of the libraries that a program needs, and its loader."""
    text = subprocess.run(["readelf", "-ldW", program], check=True, capture_output=True,
                          text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text), re.findall(r"interpreter: (.*)\]", text)


def prepare_root(name, root):
    """Copy the files of machine @name to the folder @root, which is made."""
    shutil.copytree(os.path.join(HERE, name + ".root"), root)
    for path in PROGRAMS.get(name, []):
        shutil.copy("/bin/true", os.path.join(root, path))
        libraries, loaders = needed_by("/bin/true")
        for stub in loaders + ["/usr/lib/" + library for library in libraries]:
            os.makedirs(os.path.dirname(root + stub), exist_ok=True)
            open(root + stub, "w").close()
    return root
