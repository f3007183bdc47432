-- As in SQLite.
CREATE TABLE rate_limit (
    nas_id bigint NOT NULL REFERENCES nas (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('device', 'ppp', 'address')),
    subject bytea NOT NULL,
    input_bps bigint,
    output_bps bigint,
    session_id bigint,
    until_at bigint,
    set_by text COLLATE "C" NOT NULL,
    set_at bigint NOT NULL,
    PRIMARY KEY (nas_id, kind, subject)
);
CREATE TABLE limited_router (
    nas_id bigint PRIMARY KEY REFERENCES nas (id)
);
