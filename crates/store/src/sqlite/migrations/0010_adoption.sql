-- Logins whose entries of before they had a subscriber count, from an instant on, in a cycle by one adopted entry each.
CREATE TABLE adoption (
    login_id INTEGER PRIMARY KEY REFERENCES login (id),
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    from_at INTEGER NOT NULL,
    nas_id INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    entry_no INTEGER NOT NULL,
    FOREIGN KEY (nas_id, bucket, entry_no) REFERENCES ledger_entry (nas_id, bucket, no)
) STRICT;
CREATE INDEX adoption_subscriber ON adoption (subscriber_id);
