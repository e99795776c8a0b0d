-- SPDX-License-Identifier: Apache-2.0
-- Reports that are known by their bytes: docs/decisions/0018-what-a-report-costs.md.

-- Of the report that the row was last made from, as known_read() digests it. Empty: none
-- was, or something else changed the row since.
ALTER TABLE device ADD COLUMN contents_digest TEXT NOT NULL DEFAULT '';
