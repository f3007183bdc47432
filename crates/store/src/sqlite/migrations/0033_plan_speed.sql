-- 1: those who are on the plan are as fast as it says, on the routers; 0: its speeds are told and nothing is done about them.
ALTER TABLE plan ADD COLUMN sets_speed INTEGER NOT NULL DEFAULT 0;

-- Speed limits of an interface that faces somebody, too.
CREATE TABLE rate_limit_of_more (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    kind TEXT NOT NULL CHECK (kind IN ('device', 'ppp', 'address', 'interface')),
    subject BLOB NOT NULL,
    input_bps INTEGER,
    output_bps INTEGER,
    session_id INTEGER,
    until_at INTEGER,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (nas_id, kind, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO rate_limit_of_more SELECT * FROM rate_limit;
DROP TABLE rate_limit;
ALTER TABLE rate_limit_of_more RENAME TO rate_limit;
