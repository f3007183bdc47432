-- Counters that are somebody's because they were enrolled: a login of kind static_ip names one. counter_table is the top
-- byte of counter.handle (2: interfaces that face a subscriber, 3: queues), name what the router calls it now.
CREATE TABLE enrolment (
    login_id INTEGER PRIMARY KEY REFERENCES login (id),
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    counter_table INTEGER NOT NULL,
    name BLOB NOT NULL
) STRICT;
CREATE INDEX enrolment_nas ON enrolment (nas_id);

-- 1: at its last reading some of what it should count may have passed it by.
ALTER TABLE counter ADD COLUMN passed_by INTEGER NOT NULL DEFAULT 0;
-- Handles from 2 << 56 on are those of enrolled counters.
CREATE INDEX counter_enrolled ON counter (nas_id, boot, session_login)
WHERE handle >= 144115188075855872;
