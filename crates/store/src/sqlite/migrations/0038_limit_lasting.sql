-- A limit for a while: it is over at that instant by the books of what lasts (voucher_clock), and is moved along with a clock that is
-- set. `until_at` stays what the clock on the wall shows.
ALTER TABLE rate_limit ADD COLUMN lasts_until INTEGER;
