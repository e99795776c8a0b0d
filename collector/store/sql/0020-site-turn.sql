-- SPDX-License-Identifier: Apache-2.0
-- Lists of sites are kept until a site changes: docs/decisions/0037-lists-of-sites-are-kept.md.

-- One row. Another number once anything was committed that a list of sites is made of.
CREATE TABLE site_turn (
  n BIGINT NOT NULL
);
INSERT INTO site_turn (n) VALUES (1);
