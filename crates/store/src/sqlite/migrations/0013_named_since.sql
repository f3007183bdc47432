-- Clocks of the reading before the latest tables that named owners: what a binding counted since may hide a reset.
ALTER TABLE nas ADD COLUMN named_since BLOB;
