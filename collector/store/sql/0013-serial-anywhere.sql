-- SPDX-License-Identifier: Apache-2.0
-- A serial number is looked for at all sites: a device that another site's inventory names.

DROP INDEX device_by_serial;
CREATE INDEX device_by_serial ON device (serial, site_code) WHERE serial <> '';
