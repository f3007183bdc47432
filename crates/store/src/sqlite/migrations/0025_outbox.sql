-- What is still to be told to others over Redis: one row for each round in which something happened, written in its
-- transaction while that is wanted. `seq` counts a router's rows without gaps. `bytes_before` is what all its rows before
-- held, so that what waits is known without adding up. A row with `lost_from` stands for those from that one to itself, which
-- were given up.
CREATE TABLE outbox (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes_before INTEGER NOT NULL,
    lost_from INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (nas_id, seq)
) STRICT, WITHOUT ROWID;
-- Of each router: its newest `seq`, what all its rows ever held, and how many were given up.
CREATE TABLE outbox_head (
    nas_id INTEGER PRIMARY KEY REFERENCES nas (id),
    seq INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    lost INTEGER NOT NULL DEFAULT 0
) STRICT;
