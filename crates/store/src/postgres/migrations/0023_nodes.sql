-- Several processes may share a database: who is there, and what they say of the routers they poll.
CREATE TABLE node (
    name text COLLATE "C" PRIMARY KEY,
    run text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    joined_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    until bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE nas_status (
    nas_id bigint PRIMARY KEY,
    node text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    status text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

-- Whose configuration file lists the router.
ALTER TABLE nas ADD COLUMN listed_by text COLLATE "C";

-- Grows with every change of the registry of routers.
ALTER TABLE meta ADD COLUMN nas_version bigint NOT NULL DEFAULT 1;
