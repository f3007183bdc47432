-- Not used since 0015.
ALTER TABLE nas DROP COLUMN open_coverage;
