-- Several processes may share a database (not this one): who is there, and what they say of the routers they poll.
CREATE TABLE node (
    name TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE nas_status (
    nas_id INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL
) STRICT;

-- Whose configuration file lists the router.
ALTER TABLE nas ADD COLUMN listed_by TEXT;

-- Grows with every change of the registry of routers.
ALTER TABLE meta ADD COLUMN nas_version INTEGER NOT NULL DEFAULT 1;
