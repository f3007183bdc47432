-- A month that was folded is put in the place of the old one, which a reference from elsewhere would forbid. What these two
-- refer to stays when a month is folded, and is never deleted.
ALTER TABLE held_decision DROP CONSTRAINT held_decision_nas_id_bucket_entry_no_fkey;
ALTER TABLE adoption DROP CONSTRAINT adoption_nas_id_bucket_entry_no_fkey;

-- Moved on by whatever is written to a month that is being folded, so that folding notices, whoever wrote it and whether or
-- not it was committed.
CREATE SEQUENCE ledger_late;
CREATE FUNCTION ledger_is_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('tikmeter.ledger_late');
    RETURN NULL;
END
$$;
