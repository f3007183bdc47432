-- A renewal that was undone: the cycle it opened goes on counting, and its totals count with the cycle it continues.
ALTER TABLE renewal ADD COLUMN superseded_at INTEGER;
ALTER TABLE renewal ADD COLUMN superseded_by TEXT;
ALTER TABLE cycle ADD COLUMN continues INTEGER REFERENCES cycle (id);
CREATE INDEX cycle_continues ON cycle (continues) WHERE continues IS NOT NULL;
