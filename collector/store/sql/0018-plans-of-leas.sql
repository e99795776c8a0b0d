-- SPDX-License-Identifier: Apache-2.0
-- Which LEAs the sites of a plan were of when it was made: docs/decisions/0036-plans-and-files-of-many-leas.md.

ALTER TABLE placement ADD COLUMN was_lea TEXT NOT NULL DEFAULT '';  -- of was_site; empty: not planned
ALTER TABLE placement ADD COLUMN to_lea TEXT NOT NULL DEFAULT '';   -- of site_code
-- Of plans from before, nobody wrote it down: from now on their sites have to stay.
UPDATE placement SET
  was_lea = COALESCE((SELECT lea_code FROM site WHERE code = placement.was_site), ''),
  to_lea = COALESCE((SELECT lea_code FROM site WHERE code = placement.site_code), '')
  WHERE status = 'planned';
