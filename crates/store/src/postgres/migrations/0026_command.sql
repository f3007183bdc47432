-- As in SQLite.
CREATE TABLE command (
    id text COLLATE "C" PRIMARY KEY,
    nas_id bigint NOT NULL REFERENCES nas (id),
    kind text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('begun', 'ended', 'withdrawn')),
    node text COLLATE "C",
    epoch bigint,
    seq_before bigint,
    made_at bigint NOT NULL,
    ended_at bigint,
    outcome text COLLATE "C"
);
CREATE INDEX command_begun ON command (nas_id) WHERE state = 'begun';
CREATE INDEX command_made ON command (made_at);
