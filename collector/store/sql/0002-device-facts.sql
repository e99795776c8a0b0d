-- SPDX-License-Identifier: Apache-2.0
-- Facts are most of the bytes of a device and seldom change, while every report
-- writes the device's row, and lists read many of them without their facts.

CREATE TABLE device_facts (
  device_id TEXT PRIMARY KEY REFERENCES device (id),
  body TEXT NOT NULL             -- JSON; no row before the first report
);

INSERT INTO device_facts (device_id, body) SELECT id, facts FROM device WHERE facts IS NOT NULL;

ALTER TABLE device DROP COLUMN facts;
