-- SPDX-License-Identifier: Apache-2.0
-- What a site is judged by: docs/decisions/0017-what-a-site-is-judged-by.md.

-- Every document that ever judged a device, published or composed. Rows never change.
CREATE TABLE profile_version (
  version TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  body TEXT NOT NULL,
  made_ms BIGINT NOT NULL
);
INSERT INTO profile_version (version, profile_id, body, made_ms)
  SELECT version, id, body, published_ms FROM profile;

-- What was published when; the newest row of an id is what holds.
CREATE TABLE publication (
  profile_id TEXT NOT NULL,
  published_ms BIGINT NOT NULL,
  version TEXT NOT NULL REFERENCES profile_version (version),
  PRIMARY KEY (profile_id, published_ms)
);
INSERT INTO publication (profile_id, published_ms, version)
  SELECT id, published_ms, version FROM profile;

DROP TABLE profile;

-- What an LEA or a site asks beyond a profile.
CREATE TABLE supplement (
  profile_id TEXT NOT NULL,
  scope TEXT NOT NULL,             -- lea or site
  scope_code TEXT NOT NULL,
  version TEXT NOT NULL,           -- hash of the body's canonical JSON
  body TEXT NOT NULL,
  published_ms BIGINT NOT NULL,
  PRIMARY KEY (profile_id, scope, scope_code)
);

CREATE TABLE waiver (
  id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  scope TEXT NOT NULL,             -- state, lea or site
  scope_code TEXT NOT NULL,        -- empty for the state
  requirement TEXT NOT NULL,
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  until_day TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT,
  revoked_by TEXT NOT NULL         -- empty: it is in force
);
CREATE INDEX waiver_by_profile ON waiver (profile_id, created_ms, id);
CREATE INDEX waiver_by_scope ON waiver (profile_id, scope, scope_code, created_ms, id);

-- The document that the site's devices are judged by; empty: the profile is not published.
ALTER TABLE test_window ADD COLUMN profile_version TEXT NOT NULL DEFAULT '';
UPDATE test_window SET profile_version = coalesce(
  (SELECT version FROM publication WHERE publication.profile_id = test_window.profile_id), '');

-- Sites whose devices are to be judged again, and how far that is.
CREATE TABLE rejudge (
  site_code TEXT PRIMARY KEY REFERENCES site (code),
  queued_ms BIGINT NOT NULL,
  after_id TEXT NOT NULL,          -- devices up to this id are done
  n_done BIGINT NOT NULL
);
CREATE INDEX rejudge_by_time ON rejudge (queued_ms, site_code);
-- Only devices that reported: the others have nothing to judge.
CREATE INDEX device_by_site ON device (site_code, id) WHERE facts_hash <> '';

-- What the collector remembers of itself.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
