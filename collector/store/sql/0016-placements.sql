-- SPDX-License-Identifier: Apache-2.0
-- Where devices were moved to, and when they were retired and restored: docs/decisions/0030.
-- Rows are added and end, and are never deleted; that is why they do not refer to a device,
-- since a line of an inventory that nobody claimed may go with it.

CREATE TABLE placement (
  device_id TEXT NOT NULL,
  number BIGINT NOT NULL,          -- of the device, from 1
  kind TEXT NOT NULL,              -- move, retire or restore
  status TEXT NOT NULL,            -- planned, done, failed, cancelled or undone
  asked_ms BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  account_id TEXT NOT NULL,        -- whose that is; empty: nobody's
  on_day TEXT NOT NULL,            -- on which it is done, in the zone of its site; empty: at once
  due_ms BIGINT,                   -- when that day begins; NULL: at once
  site_code TEXT NOT NULL,         -- where the device is after it
  room TEXT,                       -- NULL: planned, and as it is then
  role TEXT NOT NULL,              -- empty: the same
  is_expected BIGINT NOT NULL,
  was_site TEXT NOT NULL,          -- where it was before
  was_room TEXT NOT NULL,
  was_role TEXT NOT NULL,
  was_expected BIGINT NOT NULL,
  was_tag TEXT NOT NULL,           -- its asset tag, which a line of an inventory may change
  reason TEXT NOT NULL,            -- of what is retired: lost, broken, sold, replaced or other
  note TEXT NOT NULL,              -- the same in words
  line TEXT NOT NULL,              -- JSON of the line of the inventory that it took; empty: none
  turn BIGINT,                     -- its place among those of the device that were done
  done_ms BIGINT,
  ended_ms BIGINT,                 -- when it was cancelled, undone, or failed
  ended_by TEXT NOT NULL,
  why TEXT NOT NULL,               -- why it failed
  PRIMARY KEY (device_id, number)
);
-- Those that wait for their day are few, and a sweep looks for them each minute.
CREATE INDEX placement_by_due ON placement (due_ms) WHERE status = 'planned';
