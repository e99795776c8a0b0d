-- SPDX-License-Identifier: Apache-2.0
-- Which LEAs the sites of a plan were of when it was made: docs/decisions/0036-plans-and-files-of-many-leas.md.

ALTER TABLE placement ADD COLUMN was_lea TEXT NOT NULL DEFAULT '';  -- of was_site; empty: not planned
ALTER TABLE placement ADD COLUMN to_lea TEXT NOT NULL DEFAULT '';   -- of site_code
-- Of plans from before, nobody wrote it down: from now on their sites have to stay.
UPDATE placement SET
  was_lea = COALESCE((SELECT lea_code FROM site WHERE code = placement.was_site), ''),
  to_lea = COALESCE((SELECT lea_code FROM site WHERE code = placement.site_code), '')
  WHERE status = 'planned';

-- What makers leave in many machines is nobody's serial number (agent/data/placeholders.csv): it
-- does not come in any more, and two devices that had it were taken for one.
UPDATE device SET serial = '' WHERE serial <> '' AND (
  lower(serial) IN ('none', 'n/a', 'na', 'not specified', 'not applicable', 'not available', 'unknown',
    'unknow', 'undefined', 'invalid', 'empty', '(null string)', 'oem', 'o.e.m.', 'eval', 'iatpass',
    'system serial number', 'systemserialnumb', 'system product name', 'system manufacturer',
    'system version', 'system name', 'chassis serial number', 'chassis asset tag', 'asset tag',
    'no asset tag', 'no asset information', 'serial number', 'oem_serial', 'tulip computers', '12345',
    '123456', '1234567', '12345678', 'sys-1234567890', 'sys-9876543210', 'mb-1234567890',
    'product name', 'all series')
  OR lower(serial) LIKE 'to be filled by o.e.m.%' OR lower(serial) LIKE 'default string%'
  OR lower(serial) LIKE 'asset-%' OR lower(serial) LIKE 'serial number xxx%'
  OR lower(serial) LIKE '123456789%' OR lower(serial) LIKE '0123456789%'
  OR lower(serial) LIKE 'sn-12345%' OR lower(serial) LIKE 'type1%serial%'
  OR lower(serial) LIKE '%not\_set%' ESCAPE '\' OR lower(serial) LIKE 'xxxx%'
  OR (replace(lower(serial), substr(lower(serial), 1, 1), '') = '' AND
    (length(serial) > 3 OR substr(serial, 1, 1) NOT IN ('1', '2', '3', '4', '5', '6', '7', '8', '9'))));
