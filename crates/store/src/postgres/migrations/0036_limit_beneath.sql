-- As in SQLite.
ALTER TABLE rate_limit ADD COLUMN beneath_input_bps bigint;
ALTER TABLE rate_limit ADD COLUMN beneath_output_bps bigint;
ALTER TABLE rate_limit ADD COLUMN beneath_set_by text COLLATE "C";
ALTER TABLE rate_limit ADD COLUMN beneath_set_at bigint;
