-- SPDX-License-Identifier: Apache-2.0
-- Waivers are proposed and given: docs/decisions/0031-waivers-are-proposed-and-given.md.

-- Only what is 'given' is part of what judges; proposed, declined and withdrawn never were.
ALTER TABLE waiver ADD COLUMN status TEXT NOT NULL DEFAULT 'given';
UPDATE waiver SET status = 'revoked' WHERE revoked_ms IS NOT NULL;
ALTER TABLE waiver ADD COLUMN proposed_by TEXT NOT NULL DEFAULT '';    -- empty: given at once
ALTER TABLE waiver ADD COLUMN proposer_id TEXT NOT NULL DEFAULT '';    -- that account; empty: none
ALTER TABLE waiver ADD COLUMN decided_ms BIGINT;                       -- given or declined then
ALTER TABLE waiver ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE waiver ADD COLUMN decline_reason TEXT NOT NULL DEFAULT '';

-- The same is proposed once: whoever wants it too finds it waiting.
CREATE UNIQUE INDEX waiver_proposed ON waiver (profile_id, requirement, scope, scope_code)
  WHERE status = 'proposed';
CREATE INDEX waiver_by_status ON waiver (status, created_ms, id);
DROP INDEX waiver_by_scope;
CREATE INDEX waiver_by_scope ON waiver (profile_id, scope, scope_code, status, created_ms, id);
