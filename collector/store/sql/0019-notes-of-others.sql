-- SPDX-License-Identifier: Apache-2.0
-- A note may name another device and its site, of which who reads it may not know.

ALTER TABLE device_note ADD COLUMN other_id TEXT NOT NULL DEFAULT '';    -- empty: it names none
ALTER TABLE device_note ADD COLUMN other_site TEXT NOT NULL DEFAULT '';  -- that it names; empty: none
ALTER TABLE device_note ADD COLUMN other_body TEXT NOT NULL DEFAULT '';  -- the same without names

-- What was written before names them in its sentence alone.
UPDATE device_note SET other_id = substr(body, 28, 32),
  other_site = substr(body, 69, length(body) - 94),
  other_body = 'The same machine is a device of another site, which was left as it is.'
  WHERE body LIKE 'The same machine is device %, which was left as it is.';
UPDATE device_note SET other_id = substr(body, length(body) - 32, 32),
  other_site = substr(body, 35, length(body) - 78),
  other_body = 'The same machine enrolled at another site.'
  WHERE body LIKE 'The same machine enrolled at site % as device %.';
UPDATE device_note SET other_id = substr(body, 53, 32),
  other_body = 'A machine that had this identity enrolled at another site: its disk was copied, '
    || 'or its main board was replaced.'
  WHERE body LIKE 'A machine that had this identity enrolled as device %';
