# SPDX-License-Identifier: Apache-2.0
"""An Ed25519 key of a collector, by openssl."""
import base64
import os
import subprocess


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Signer:
    def __init__(self, folder, name="collector"):
        self.folder = str(folder)
        self.file = os.path.join(self.folder, f"{name}.ed25519")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.file],
                       check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.file, "-pubout", "-outform", "der"],
                             check=True, capture_output=True).stdout
        self.key = text(der[-32:])

    def sign(self, said):
        message = os.path.join(self.folder, "message")
        with open(message, "w", encoding="utf-8") as file:
            file.write(said)
        return text(subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.file, "-in", message],
            check=True, capture_output=True).stdout)

    def sign_move(self, url):
        return self.sign("testready moved-to " + url)

    def sign_profile(self, profile_id, version):
        return self.sign(f"testready profile {profile_id} {version}")
