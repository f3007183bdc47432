-- Cycles that closed at one instant for logins of one scope, and the routers that were not read then: each of these may hide
-- a session that began before. One row for each router and one for each cycle, not one for each of both. What shows a session
-- is a row of cycle_edge.
CREATE TABLE edge_group (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE edge_group_router (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    group_id INTEGER NOT NULL REFERENCES edge_group (id),
    PRIMARY KEY (nas_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edge_group_router_group ON edge_group_router (group_id);
CREATE TABLE edge_group_cycle (
    group_id INTEGER NOT NULL REFERENCES edge_group (id),
    login_id INTEGER NOT NULL REFERENCES login (id),
    cycle_id INTEGER NOT NULL REFERENCES cycle (id),
    PRIMARY KEY (group_id, login_id, cycle_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edge_group_cycle_cycle ON edge_group_cycle (cycle_id);
