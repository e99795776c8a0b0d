-- SPDX-License-Identifier: Apache-2.0
-- Who may do what: docs/decisions/0024-who-may-do-what.md.

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,      -- lower case
  name TEXT NOT NULL,
  subject TEXT UNIQUE,             -- at an identity provider: "ISSUER SUBJECT"; NULL: none
  password TEXT NOT NULL,          -- Argon2id as libsodium writes it; empty: none
  password_ms BIGINT NOT NULL,
  totp_secret TEXT NOT NULL,       -- sealed, see act_second_factor.h; empty: none
  totp_step BIGINT NOT NULL,       -- the last that was used, so that no code works twice
  good_until TEXT NOT NULL,        -- the last day; renewed each year
  is_disabled BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  used_ms BIGINT                   -- of its last sign-in or request, to the hour
);

CREATE TABLE account_grant (
  account_id TEXT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  scope TEXT NOT NULL,             -- state, lea or site
  scope_code TEXT NOT NULL,        -- empty for the state
  PRIMARY KEY (account_id, role, scope, scope_code)
);
CREATE INDEX account_grant_by_scope ON account_grant (scope, scope_code, account_id);

-- Each lets in once, in the place of a code of the second factor.
CREATE TABLE recovery_code (
  code_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id),
  used_ms BIGINT
);
CREATE INDEX recovery_code_by_account ON recovery_code (account_id);

-- A link with which an account gets its password. One without account makes the first admin.
CREATE TABLE invitation (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT REFERENCES account (id),
  created_ms BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX invitation_by_account ON invitation (account_id);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id),
  created_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL,         -- to the minute
  network TEXT NOT NULL,
  browser TEXT NOT NULL            -- what its User-Agent said
);
CREATE INDEX session_by_account ON session (account_id, created_ms);

-- Failed attempts to sign in: of an account from a network, and of each of both.
CREATE TABLE sign_in_failure (
  kind TEXT NOT NULL,              -- pair, account or network
  subject TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (last_ms);

CREATE TABLE api_token (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  account_id TEXT NOT NULL,        -- whose it is; it can do no more than that account; empty: nobody's
  role TEXT NOT NULL,
  scope TEXT NOT NULL,
  scope_code TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms BIGINT,                  -- to the hour
  revoked_ms BIGINT,
  revoked_by TEXT NOT NULL
);

-- Everything that people changed. Rows are added and never changed; each has the hash of
-- the one before in its own, see act_audit.h.
CREATE TABLE audit (
  number BIGINT PRIMARY KEY,       -- from 1, without a gap
  at_ms BIGINT NOT NULL,
  who TEXT NOT NULL,
  account_id TEXT NOT NULL,
  network TEXT NOT NULL,
  act TEXT NOT NULL,               -- one of audit_act_words
  object TEXT NOT NULL,            -- what it was done to, by its id or code
  lea_code TEXT NOT NULL,          -- where; both empty: the state
  site_code TEXT NOT NULL,
  before_json TEXT NOT NULL,       -- empty: there was nothing
  after_json TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms, number);
CREATE INDEX audit_by_object ON audit (object, number);
CREATE INDEX audit_by_lea ON audit (lea_code, number);

-- What a request that makes something was answered with, so that it can be sent again.
CREATE TABLE made_before (
  key_hash TEXT PRIMARY KEY,       -- of who asked, the route and the Idempotency-Key
  body_hash TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL             -- without its secrets
);
CREATE INDEX made_before_by_time ON made_before (at_ms);
