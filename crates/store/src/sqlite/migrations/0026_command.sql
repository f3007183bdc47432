-- Commands to routers that one process gives to another: written down before they are carried out, so that each is carried out
-- once at most, whatever becomes of either process. `epoch` and `seq_before` are those of the router when it was begun.
CREATE TABLE command (
    id TEXT PRIMARY KEY,
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'ended', 'withdrawn')),
    node TEXT,
    epoch INTEGER,
    seq_before INTEGER,
    made_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT
) STRICT;
CREATE INDEX command_begun ON command (nas_id) WHERE state = 'begun';
CREATE INDEX command_made ON command (made_at);
