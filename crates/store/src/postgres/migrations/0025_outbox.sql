-- As in SQLite. The head of a router is rewritten with each round: half of its page is left for that.
CREATE TABLE outbox (
    nas_id bigint NOT NULL REFERENCES nas (id),
    seq bigint NOT NULL,
    at bigint NOT NULL,
    bytes_before bigint NOT NULL,
    lost_from bigint,
    body bytea NOT NULL,
    PRIMARY KEY (nas_id, seq)
);
CREATE TABLE outbox_head (
    nas_id bigint PRIMARY KEY REFERENCES nas (id),
    seq bigint NOT NULL,
    bytes bigint NOT NULL,
    lost bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
