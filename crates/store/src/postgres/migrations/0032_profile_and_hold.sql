-- As in SQLite.
CREATE TABLE plan_profile (
    plan_id bigint PRIMARY KEY REFERENCES plan (id),
    price text COLLATE "C",
    validity text COLLATE "C",
    devices bigint NOT NULL,
    rate_up_bps bigint,
    rate_down_bps bigint
);
CREATE TABLE hold (
    nas_id bigint NOT NULL REFERENCES nas (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('device', 'ppp')),
    subject bytea NOT NULL,
    until_at bigint NOT NULL,
    is_placed bigint NOT NULL,
    set_by text COLLATE "C" NOT NULL,
    set_at bigint NOT NULL,
    PRIMARY KEY (nas_id, kind, subject)
);
