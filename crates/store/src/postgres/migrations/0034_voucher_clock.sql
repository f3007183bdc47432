-- As in SQLite.
CREATE TABLE voucher_clock (
    node text COLLATE "C" NOT NULL PRIMARY KEY,
    epoch bytea NOT NULL,
    ahead_us bigint NOT NULL
);
ALTER TABLE voucher_device ADD COLUMN leaving_at bigint;
