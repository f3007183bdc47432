-- From where whoever acted came: an address, or the terminal. Acts of before have none.
ALTER TABLE audit ADD COLUMN origin TEXT COLLATE "C";
