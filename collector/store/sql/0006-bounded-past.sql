-- SPDX-License-Identifier: Apache-2.0
-- A row for every report that ever came grows without end and is written with each of
-- them. What the newest few were is enough: collector/domain/past.h.

-- The newest report of each device is taken over; NULL: none came.
ALTER TABLE device ADD COLUMN past BYTEA;
UPDATE device SET past = (
  SELECT boot_id || ' ' || sequence || ' ' || observed_ms || ' ' || state FROM report
  WHERE device_id = device.id AND sequence > 0 ORDER BY sequence DESC, boot_id LIMIT 1);
DROP TABLE report;
DROP TABLE device_boot;
