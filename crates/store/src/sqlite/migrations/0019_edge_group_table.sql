-- Where the counters of a group's logins are (the number of the table): a reading that the router refused there settles none
-- of them. What was noted before is settled by any reading, as it was.
ALTER TABLE edge_group ADD COLUMN shown_in INTEGER NOT NULL DEFAULT 0;
