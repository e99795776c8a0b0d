-- SPDX-License-Identifier: Apache-2.0
-- Times are milliseconds since 1970 UTC, days are ISO text, flags are 0 or 1.
-- Only SQL that SQLite and PostgreSQL both speak.

CREATE TABLE lea (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE site (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  lea_code TEXT NOT NULL REFERENCES lea (code),
  zone TEXT NOT NULL,
  has_inventory BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE profile (
  id TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  body TEXT NOT NULL,
  published_ms BIGINT NOT NULL
);

-- One window per site for now; tracks bring more rows, which is why it is a table.
CREATE TABLE test_window (
  id TEXT PRIMARY KEY,
  site_code TEXT NOT NULL UNIQUE REFERENCES site (code),
  programme TEXT NOT NULL,
  track TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  profile_id TEXT NOT NULL
);
CREATE INDEX test_window_by_profile ON test_window (profile_id);

CREATE TABLE enrollment_key (
  key_hash TEXT PRIMARY KEY,
  site_code TEXT NOT NULL REFERENCES site (code),
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  uses_left BIGINT NOT NULL      -- negative: not limited in number
);

-- A row for each device that reports and each line of the inventory: a line that
-- no device has claimed yet is a device that was never seen.
CREATE TABLE device (
  id TEXT PRIMARY KEY,
  site_code TEXT NOT NULL REFERENCES site (code),
  role TEXT NOT NULL,
  room TEXT NOT NULL,
  is_expected BIGINT NOT NULL,
  asset_tag TEXT NOT NULL,
  serial TEXT NOT NULL,
  host_name TEXT NOT NULL,
  model TEXT NOT NULL,
  key_hash TEXT UNIQUE,
  enrolled_ms BIGINT,
  seen_ms BIGINT,
  agent_version TEXT NOT NULL,
  state TEXT NOT NULL,
  since_ms BIGINT NOT NULL,
  profile_id TEXT NOT NULL,      -- judged by; empty: not judged
  profile_version TEXT NOT NULL,
  results TEXT NOT NULL,         -- one letter a requirement, in the profile's order
  browser_result TEXT NOT NULL,  -- of browser.version
  facts_hash TEXT NOT NULL,
  facts TEXT                     -- JSON; NULL before the first report
);
-- The devices of a site in the order of its list, and the ones that go stale.
CREATE INDEX device_by_place ON device (site_code, room, host_name, id);
CREATE INDEX device_by_seen ON device (site_code, state, seen_ms);
-- What an inventory and a device find each other by; most rows lack one or two.
CREATE INDEX device_by_asset_tag ON device (site_code, asset_tag) WHERE asset_tag <> '';
CREATE INDEX device_by_serial ON device (site_code, serial) WHERE serial <> '';
CREATE INDEX device_by_host ON device (site_code, lower(host_name)) WHERE host_name <> '';

-- Every accepted report, so that one that comes again is known.
CREATE TABLE report (
  device_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  observed_ms BIGINT NOT NULL,
  state TEXT NOT NULL,           -- what was answered
  PRIMARY KEY (device_id, boot_id, sequence)
);

CREATE TABLE transition (
  device_id TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  requirement TEXT NOT NULL,
  old_result TEXT NOT NULL,      -- empty: there was none
  new_result TEXT NOT NULL,      -- empty: the profile has it no more
  PRIMARY KEY (device_id, at_ms, requirement)
);

-- Counts of a site's expected devices, kept in the transaction that changes them.
CREATE TABLE site_count (
  site_code TEXT PRIMARY KEY REFERENCES site (code),
  conflict BIGINT NOT NULL DEFAULT 0,
  never_seen BIGINT NOT NULL DEFAULT 0,
  stale BIGINT NOT NULL DEFAULT 0,
  not_ready BIGINT NOT NULL DEFAULT 0,
  unknown BIGINT NOT NULL DEFAULT 0,
  ready_with_warnings BIGINT NOT NULL DEFAULT 0,
  ready BIGINT NOT NULL DEFAULT 0,
  browser_exempt BIGINT NOT NULL DEFAULT 0,  -- browser.version does not apply
  browser_current BIGINT NOT NULL DEFAULT 0,
  unexpected BIGINT NOT NULL DEFAULT 0
);

-- How many expected devices of a room have the same state and results. Imaged
-- fleets are alike, so a site page reads a few rows, not one a device.
CREATE TABLE site_pattern (
  site_code TEXT NOT NULL,
  room TEXT NOT NULL,
  state TEXT NOT NULL,
  profile_version TEXT NOT NULL,
  results TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (site_code, room, state, profile_version, results)
);
