-- What closed and opened cycles, and date changes that did not.
CREATE TABLE renewal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    kind TEXT NOT NULL CHECK (kind IN ('renewal', 'correction')),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    old_expiry_at INTEGER,
    new_expiry_at INTEGER,
    closed_cycle INTEGER REFERENCES cycle (id),
    opened_cycle INTEGER REFERENCES cycle (id)
) STRICT;
CREATE INDEX renewal_subscriber ON renewal (subscriber_id, id);

-- Routers that could not be read when a cycle closed: their next reading is split between the cycles by time. A closed
-- cycle is final once it has no row here.
CREATE TABLE cycle_edge (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    login_id INTEGER NOT NULL REFERENCES login (id),
    cycle_id INTEGER NOT NULL REFERENCES cycle (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (nas_id, login_id, cycle_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cycle_edge_cycle ON cycle_edge (cycle_id);

-- The IANA zone in which days of this subscriber begin and end; NULL: UTC.
ALTER TABLE subscriber ADD COLUMN zone TEXT;
