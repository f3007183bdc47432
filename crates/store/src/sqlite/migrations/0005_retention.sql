-- What a brought_forward entry was folded from: how many entries, and how much of their unseen time lay in their session.
ALTER TABLE ledger_entry ADD COLUMN folded INTEGER;
ALTER TABLE ledger_entry ADD COLUMN unseen_session_us INTEGER;
-- Entries that end before this bucket are sums of UTC days.
ALTER TABLE nas ADD COLUMN folded_until INTEGER;
-- How many times entries of the router were folded: who reads in parts sees that something moved.
ALTER TABLE nas ADD COLUMN folds INTEGER NOT NULL DEFAULT 0;
-- Entries from this number on lead each counter from value to value without a gap; earlier ones are folded.
ALTER TABLE nas ADD COLUMN chain_from INTEGER NOT NULL DEFAULT 0;
