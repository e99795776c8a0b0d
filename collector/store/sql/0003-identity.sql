-- SPDX-License-Identifier: Apache-2.0
-- Who is who: docs/decisions/0014-one-key-two-machines.md.

ALTER TABLE enrollment_key ADD COLUMN revoked_ms BIGINT;

-- An answer that was lost is asked for again under the same id.
CREATE TABLE enrollment_request (
  key_hash TEXT NOT NULL REFERENCES enrollment_key (key_hash),
  request_id TEXT NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (key_hash, request_id)
);

-- What is read with every report and seldom written, so apart from device.
CREATE TABLE device_identity (
  device_id TEXT PRIMARY KEY REFERENCES device (id),
  fingerprint TEXT NOT NULL,       -- JSON; '[]': the agent told none
  previous_id TEXT NOT NULL,       -- the device that it says it was; empty: none
  next_key_hash TEXT UNIQUE,       -- becomes device.key_hash when it is used
  sent_hash TEXT NOT NULL,         -- of the facts as they were sent; empty: facts_hash is
  sequence_floor BIGINT NOT NULL,  -- numbers up to it are not asked which boot they are of
  is_taken_over BIGINT NOT NULL,   -- the key was given to a machine that enrolled again
  is_shared BIGINT NOT NULL,       -- several machines have this fingerprint
  accepts_any BIGINT NOT NULL      -- a person said that both are to be accepted
);

-- The strong values of a fingerprint, so that a machine that was wiped is known again.
CREATE TABLE device_mark (
  mark TEXT NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  PRIMARY KEY (mark, device_id)
);
CREATE INDEX device_mark_by_device ON device_mark (device_id);

-- What happened to an identity, for people.
CREATE TABLE device_note (
  device_id TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX device_note_by_device ON device_note (device_id, at_ms);

-- In the order of a device's numbers, so that the neighbours of a report are next to it.
CREATE TABLE report_by_number (
  device_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  observed_ms BIGINT NOT NULL,
  state TEXT NOT NULL,           -- what was answered
  PRIMARY KEY (device_id, sequence, boot_id)
);
INSERT INTO report_by_number (device_id, boot_id, sequence, received_ms, observed_ms, state)
  SELECT device_id, boot_id, sequence, received_ms, observed_ms, state FROM report
  ORDER BY device_id, sequence, boot_id;
DROP TABLE report;
ALTER TABLE report_by_number RENAME TO report;

-- One row a boot that reported.
CREATE TABLE device_boot (
  device_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  PRIMARY KEY (device_id, boot_id)
);
INSERT INTO device_boot (device_id, boot_id) SELECT DISTINCT device_id, boot_id FROM report;

CREATE TABLE conflict (
  id TEXT PRIMARY KEY,
  device_id TEXT NOT NULL REFERENCES device (id),
  kind TEXT NOT NULL,
  explanation TEXT NOT NULL,
  opened_ms BIGINT NOT NULL,
  before_fingerprint TEXT NOT NULL,  -- JSON
  now_fingerprint TEXT NOT NULL,
  before_boot TEXT NOT NULL,         -- empty where boots did not show it
  now_boot TEXT NOT NULL,
  resolution TEXT NOT NULL,          -- empty: open
  resolved_ms BIGINT,
  resolved_by TEXT NOT NULL,
  key_hash TEXT,                     -- what two_devices took away, for its undo
  line_id TEXT NOT NULL              -- the line of the inventory that it made instead
);
CREATE UNIQUE INDEX conflict_open ON conflict (device_id) WHERE resolution = '';
CREATE INDEX conflict_by_time ON conflict (opened_ms, id);
CREATE INDEX conflict_by_device ON conflict (device_id);

-- Who did what about a conflict.
CREATE TABLE conflict_act (
  conflict_id TEXT NOT NULL REFERENCES conflict (id),
  at_ms BIGINT NOT NULL,
  who TEXT NOT NULL,
  act TEXT NOT NULL              -- a resolution, or undo
);
CREATE INDEX conflict_act_by_conflict ON conflict_act (conflict_id, at_ms);

-- The Ed25519 key that agents pin when they enrol; base64url.
CREATE TABLE collector_key (
  public_key TEXT PRIMARY KEY,
  secret_key TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);
