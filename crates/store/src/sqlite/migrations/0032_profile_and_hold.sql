-- What a file of profiles gave a plan last. A field in which the plan differs from it was changed by hand since.
CREATE TABLE plan_profile (
    plan_id INTEGER PRIMARY KEY REFERENCES plan (id),
    price TEXT,
    validity TEXT,
    devices INTEGER NOT NULL,
    rate_up_bps INTEGER,
    rate_down_bps INTEGER
) STRICT;
-- Who is kept out of a router, and until when. `is_placed`: something of it may be on the router, which is undone then.
CREATE TABLE hold (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    kind TEXT NOT NULL CHECK (kind IN ('device', 'ppp')),
    subject BLOB NOT NULL,
    until_at INTEGER NOT NULL,
    is_placed INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (nas_id, kind, subject)
) STRICT, WITHOUT ROWID;
