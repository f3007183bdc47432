-- Several processes may share a database (not this one): who is there, and what they say of the routers they poll.
CREATE TABLE node (
    name TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- Since when it was never silent for a term.
    alive_since INTEGER NOT NULL,
    -- What must be the same in all of them.
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE nas_status (
    nas_id INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL
) STRICT;

-- Whose configuration files list a router.
CREATE TABLE nas_listed (
    nas_id INTEGER NOT NULL,
    node TEXT NOT NULL,
    PRIMARY KEY (nas_id, node)
) STRICT, WITHOUT ROWID;

-- Grows with every change of the registry of routers.
ALTER TABLE meta ADD COLUMN nas_version INTEGER NOT NULL DEFAULT 1;
