-- SPDX-License-Identifier: Apache-2.0
-- Facts take a seventh of their room when they are packed: docs/decisions/0023-facts-are-packed.md.
-- Rows of before are read as they are; the next report that changes them, and `compact`, packs
-- them, so that a store of a million devices is open at once.

ALTER TABLE device_facts ADD COLUMN packed BYTEA; -- facts_text_pack(); NULL: body has them
