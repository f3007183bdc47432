-- By how much a host's wall clock is ahead of its monotonic one, by which the time of vouchers is counted there. epoch: which boot of it.
CREATE TABLE voucher_clock (
    node TEXT NOT NULL PRIMARY KEY,
    epoch BLOB NOT NULL,
    ahead_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- A device that is not to be in any more keeps its place until its router showed it off.
ALTER TABLE voucher_device ADD COLUMN leaving_at INTEGER;
