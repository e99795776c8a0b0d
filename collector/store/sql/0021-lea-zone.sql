-- SPDX-License-Identifier: Apache-2.0
-- The time zone of an LEA, which its sites have that have none of their own:
-- docs/decisions/0038-a-districts-time-zone.md.

ALTER TABLE lea ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';

-- That of most of its sites.
UPDATE lea SET zone = COALESCE(
  (SELECT site.zone FROM site WHERE site.lea_code = lea.code
   GROUP BY site.zone ORDER BY count(*) DESC, site.zone LIMIT 1), 'UTC');
