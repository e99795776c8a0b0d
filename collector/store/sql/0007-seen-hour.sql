-- SPDX-License-Identifier: Apache-2.0
-- An index of when devices were seen is written with every report. Of the hour it is
-- only with the first in an hour; which rows of an hour have aged, the rows say.

ALTER TABLE device ADD COLUMN seen_hour BIGINT; -- seen_ms in whole hours
UPDATE device SET seen_hour = seen_ms / 3600000 WHERE seen_ms IS NOT NULL;
DROP INDEX device_by_seen;
CREATE INDEX device_by_seen_hour ON device (site_code, state, seen_hour);
