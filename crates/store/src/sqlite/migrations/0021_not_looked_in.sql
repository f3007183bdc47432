-- The tables (a bit each, by number) that the last round did not look in, because the router refused them or their turn had
-- not come: for logins with counters there it is no reading.
ALTER TABLE nas ADD COLUMN not_looked_in INTEGER NOT NULL DEFAULT 0;
