# SPDX-License-Identifier: Apache-2.0
"""Certificates that tests make, each signed by its own key."""
import subprocess


def make_certificate(folder, name, host):
    """NAME.pem and NAME.key in FOLDER, for HOST; (certificate, key)."""
    key, certificate = str(folder / f"{name}.key"), str(folder / f"{name}.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{host}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key
