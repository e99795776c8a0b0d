-- SPDX-License-Identifier: Apache-2.0
-- What a request that makes something was answered with takes a share of whoever sent it.

ALTER TABLE made_before ADD COLUMN owner TEXT NOT NULL DEFAULT '';  -- a hash, never of two people
ALTER TABLE made_before ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0; -- of the answer
CREATE INDEX made_before_by_owner ON made_before (owner, at_ms);
