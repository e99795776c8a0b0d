-- SPDX-License-Identifier: Apache-2.0
-- Where a login signed in from lately, so that guesses from elsewhere keep nobody out there.
CREATE TABLE known_network (
  subject TEXT PRIMARY KEY,        -- hash of login and network, as of a pair in sign_in_failure
  last_ms BIGINT NOT NULL
);
CREATE INDEX known_network_by_time ON known_network (last_ms);

-- A second factor that was begun, until a code shows that the phone has it.
CREATE TABLE second_factor_begun (
  account_id TEXT PRIMARY KEY REFERENCES account (id),
  totp_secret TEXT NOT NULL,       -- sealed
  begun_ms BIGINT NOT NULL
);
