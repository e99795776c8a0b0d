-- SPDX-License-Identifier: Apache-2.0
-- Who signs in without a password of ours: docs/decisions/0028-single-sign-on.md.

-- The name by which an account is known at the identity provider once, until it is bound to the
-- subject that came with it; empty: nobody is awaited.
ALTER TABLE account ADD COLUMN awaited_name TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX account_by_awaited_name ON account (awaited_name) WHERE awaited_name <> '';

-- Sign-ins by an identity provider that came back, so that none does twice.
CREATE TABLE sign_on_used (
  state_hash TEXT PRIMARY KEY,
  at_ms BIGINT NOT NULL
);
CREATE INDEX sign_on_used_by_time ON sign_on_used (at_ms);
