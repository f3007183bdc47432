-- When the first print of each counter table other than the interfaces' was committed, packed.
ALTER TABLE nas ADD COLUMN table_coverage BLOB NOT NULL DEFAULT x'';

-- counter.handle holds the table in its top byte (0: interfaces, 1: hotspot logins). The id of a hotspot login may be
-- made from its address, so a login that returns is looked up by its device and its begin.
CREATE INDEX counter_gone_login ON counter (nas_id, boot, name, session_start_earliest)
WHERE state = 2 AND handle >= 72057594037927936;
