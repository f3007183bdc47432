-- What a subscriber is given beside what was measured; nothing measured changes. A row with cancels takes another back,
-- in the same cycle and of the same size.
CREATE TABLE credit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    cycle_id INTEGER NOT NULL REFERENCES cycle (id),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    input_octets INTEGER NOT NULL CHECK (input_octets >= 0),
    output_octets INTEGER NOT NULL CHECK (output_octets >= 0),
    reason TEXT NOT NULL,
    cancels INTEGER UNIQUE REFERENCES credit (id)
) STRICT;
CREATE INDEX credit_subscriber ON credit (subscriber_id, id);
CREATE INDEX credit_cycle ON credit (cycle_id);
