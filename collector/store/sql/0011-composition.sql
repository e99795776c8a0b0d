-- SPDX-License-Identifier: Apache-2.0
-- What was composed already, so that a document that many sites' change waits for can be made
-- before that change, and nobody waits while it is.

CREATE TABLE composition (
  inputs TEXT PRIMARY KEY,       -- hash of all that it was composed of, and of how
  version TEXT NOT NULL REFERENCES profile_version (version)
);
