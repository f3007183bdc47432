-- Not used since 0015 of SQLite.
ALTER TABLE nas DROP COLUMN open_coverage;

-- What a round writes by the ten thousand refers to its own router, whose row the same transaction holds, and to logins and
-- cycles, of which none is ever deleted. Looking each of them up again cost as much as writing the row.
ALTER TABLE counter DROP CONSTRAINT counter_nas_id_fkey;
ALTER TABLE session DROP CONSTRAINT session_nas_id_fkey, DROP CONSTRAINT session_login_id_fkey;
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_nas_id_fkey,
    DROP CONSTRAINT ledger_entry_login_id_fkey,
    DROP CONSTRAINT ledger_entry_cycle_id_fkey;
