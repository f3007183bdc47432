-- An adoption covers the entries numbered below until_no (and decisions numbered below its own entry): what a login uses
-- without a subscriber later on is not in it. One that was undone stays, and the login can be adopted anew.
CREATE TABLE adoption_new (
    id INTEGER PRIMARY KEY,
    login_id INTEGER NOT NULL REFERENCES login (id),
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    from_at INTEGER NOT NULL,
    until_no INTEGER NOT NULL,
    nas_id INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    entry_no INTEGER NOT NULL,
    superseded_at INTEGER,
    superseded_by TEXT,
    FOREIGN KEY (nas_id, bucket, entry_no) REFERENCES ledger_entry (nas_id, bucket, no)
) STRICT;
INSERT INTO adoption_new (login_id, subscriber_id, from_at, until_no, nas_id, bucket, entry_no)
SELECT login_id, subscriber_id, from_at, (SELECT next_no FROM nas WHERE nas.id = adoption.nas_id), nas_id, bucket, entry_no
FROM adoption;
DROP TABLE adoption;
ALTER TABLE adoption_new RENAME TO adoption;
CREATE UNIQUE INDEX adoption_login ON adoption (login_id) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX adoption_entry ON adoption (entry_no, nas_id, bucket);
CREATE INDEX adoption_subscriber ON adoption (subscriber_id);
