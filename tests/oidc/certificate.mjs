// SPDX-License-Identifier: Apache-2.0
// An authority of a district's own, and what it signed.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const openssl = (...words) => execFileSync('openssl', words, { stdio: 'pipe' });
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** Paths in @dir: the authority `ca`, and `cert` with its `key` for all of @hosts. */
export function makeCertificates(dir, ...hosts) {
  const at = (name) => join(dir, name);
  const paths = { ca: at('ca.pem'), cert: at('cert.pem'), key: at('cert.key') };
  openssl('req', '-x509', ...key, '-subj', '/CN=District', '-keyout', at('ca.key'), '-out', paths.ca);
  const names = hosts.map((host) => `DNS:${host}`).join();
  openssl(
    ...['req', '-x509', '-CA', paths.ca, '-CAkey', at('ca.key'), ...key, '-subj', `/CN=${hosts[0]}`],
    ...['-addext', `subjectAltName=${names}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-keyout', paths.key, '-out', paths.cert],
  );
  return paths;
}
