-- Several processes may share a database: who is there, and what they say of the routers they poll.
CREATE TABLE node (
    name text COLLATE "C" PRIMARY KEY,
    run text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    joined_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    until bigint NOT NULL,
    -- Since when it was never silent for a term.
    alive_since bigint NOT NULL,
    -- What must be the same in all of them.
    settings text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE nas_status (
    nas_id bigint PRIMARY KEY,
    node text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    status text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

-- Whose configuration files list a router.
CREATE TABLE nas_listed (
    nas_id bigint NOT NULL,
    node text COLLATE "C" NOT NULL,
    PRIMARY KEY (nas_id, node)
);

-- Grows with every change of the registry of routers.
ALTER TABLE meta ADD COLUMN nas_version bigint NOT NULL DEFAULT 1;
