-- SPDX-License-Identifier: Apache-2.0
-- How many lines before this one, of the same thing on the same day, are not there: docs/limits.md.

ALTER TABLE transition ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device_note ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0;
