-- From which address whoever acted came. Acts of before have none.
ALTER TABLE audit ADD COLUMN origin TEXT COLLATE "C";
