-- SPDX-License-Identifier: Apache-2.0
-- Who answers for an LEA or site, and what a site is made of: docs/decisions/0029-organisations-from-files.md.

CREATE TABLE contact (
  scope TEXT NOT NULL,             -- lea or site
  scope_code TEXT NOT NULL,
  kind TEXT NOT NULL,              -- coordinator, or technology of a site
  name TEXT NOT NULL,              -- each may be empty, not all three
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  PRIMARY KEY (scope, scope_code, kind)
);

CREATE TABLE track (
  site_code TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL,
  PRIMARY KEY (site_code, name)
);
-- What windows named when tracks were no rows.
INSERT INTO track (site_code, name) SELECT site_code, track FROM test_window
  WHERE track <> '' AND track NOT LIKE '%;%';

-- Rooms that somebody declared; devices may name others.
CREATE TABLE room (
  site_code TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL,
  track TEXT NOT NULL,             -- one of the site's; empty: none
  seats BIGINT NOT NULL,           -- negative: not known
  PRIMARY KEY (site_code, name)
);

CREATE INDEX site_by_lea ON site (lea_code, code);
