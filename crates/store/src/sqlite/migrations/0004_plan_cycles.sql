-- When a plan opens the next cycle by itself: 'renewal' (never), 'every N days' or 'day D'.
ALTER TABLE plan ADD COLUMN cycle TEXT NOT NULL DEFAULT 'renewal';

-- edge_known = 1: the plan opens the subscriber's next cycle at edge_at. 0: what decides it changed at edge_at, and the
-- first edge after that is to be worked out. edge_at NULL: only a renewal opens it.
ALTER TABLE subscriber ADD COLUMN edge_at INTEGER;
ALTER TABLE subscriber ADD COLUMN edge_known INTEGER NOT NULL DEFAULT 0;
CREATE INDEX subscriber_edge ON subscriber (edge_at, id) WHERE edge_at IS NOT NULL;
CREATE INDEX subscriber_plan ON subscriber (plan_id);
CREATE INDEX session_login_present ON session (login_id) WHERE state < 2;

-- SQLite cannot widen a CHECK.
CREATE TABLE renewal_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    kind TEXT NOT NULL CHECK (kind IN ('renewal', 'correction', 'plan')),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    old_expiry_at INTEGER,
    new_expiry_at INTEGER,
    closed_cycle INTEGER REFERENCES cycle (id),
    opened_cycle INTEGER REFERENCES cycle (id)
) STRICT;
INSERT INTO renewal_new SELECT * FROM renewal;
DROP TABLE renewal;
ALTER TABLE renewal_new RENAME TO renewal;
CREATE INDEX renewal_subscriber ON renewal (subscriber_id, id);
CREATE UNIQUE INDEX renewal_opened ON renewal (opened_cycle) WHERE opened_cycle IS NOT NULL;
