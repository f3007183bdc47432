-- What the latest reading of each router said of sessions' rates, where several processes share a database (not this one).
CREATE TABLE nas_rates (
    nas_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    rates TEXT NOT NULL
) STRICT;
