-- The entry that grows with each round: while it is named here, the counter stands where it ends, and the session's total is
-- what its row says and what the entry adds. NULL: the row says all.
ALTER TABLE counter ADD COLUMN open_bucket INTEGER;
ALTER TABLE counter ADD COLUMN open_no INTEGER;
ALTER TABLE session ADD COLUMN open_bucket INTEGER;
ALTER TABLE session ADD COLUMN open_no INTEGER;
