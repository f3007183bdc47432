-- What somebody set until it is removed, while a limit that ends by itself stands in its place: it is wanted again then. None: no
-- `beneath_set_by`.
ALTER TABLE rate_limit ADD COLUMN beneath_input_bps INTEGER;
ALTER TABLE rate_limit ADD COLUMN beneath_output_bps INTEGER;
ALTER TABLE rate_limit ADD COLUMN beneath_set_by TEXT;
ALTER TABLE rate_limit ADD COLUMN beneath_set_at INTEGER;
