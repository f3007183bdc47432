-- Speed limits that people set, until they end: `session_id` with that session, `until_at` at that instant, neither when somebody
-- removes it. No rate: as fast as they can.
CREATE TABLE rate_limit (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    kind TEXT NOT NULL CHECK (kind IN ('device', 'ppp', 'address')),
    subject BLOB NOT NULL,
    input_bps INTEGER,
    output_bps INTEGER,
    session_id INTEGER,
    until_at INTEGER,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (nas_id, kind, subject)
) STRICT, WITHOUT ROWID;
-- Routers on which something of ours may be.
CREATE TABLE limited_router (
    nas_id INTEGER PRIMARY KEY REFERENCES nas (id)
) STRICT;
