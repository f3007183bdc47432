-- As in SQLite.
ALTER TABLE rate_limit ADD COLUMN lasts_until bigint;
