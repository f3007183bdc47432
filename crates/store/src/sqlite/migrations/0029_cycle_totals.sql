-- What a cycle moved, by router, so that a round writes rows of its own router only. A cycle's total is the sum of its rows;
-- no row is nothing.
CREATE TABLE cycle_total (
    nas_id INTEGER NOT NULL,
    cycle_id INTEGER NOT NULL REFERENCES cycle (id),
    input_octets INTEGER NOT NULL,
    output_octets INTEGER NOT NULL,
    PRIMARY KEY (nas_id, cycle_id)
) STRICT, WITHOUT ROWID;

-- Which router moved what of the totals of before is told by the ledger: by its entries, those brought forward, and adopted ones
-- that were not undone. Added up line by line, for sorting a ledger takes as much room as it.
INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
SELECT nas_id, cycle_id, delta_input, delta_output
FROM ledger_entry AS entry
WHERE cycle_id IS NOT NULL AND posted = 1
  AND NOT (reason = 'adopted' AND EXISTS (
      SELECT 1 FROM adoption
      WHERE adoption.entry_no = entry.no AND adoption.nas_id = entry.nas_id AND adoption.bucket = entry.bucket
        AND superseded_at IS NOT NULL))
ON CONFLICT (nas_id, cycle_id) DO UPDATE
SET input_octets = input_octets + excluded.input_octets, output_octets = output_octets + excluded.output_octets;
CREATE INDEX cycle_total_cycle ON cycle_total (cycle_id);

-- A total that its entries do not add up to stays what it was: what it had beside them, or lacked, is in a row of no router (0),
-- which `tikmeter verify` tells. Nobody's bill changes here.
INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
SELECT 0, cycle.id, cycle.input_octets - coalesce(sum(told.input_octets), 0),
       cycle.output_octets - coalesce(sum(told.output_octets), 0)
FROM cycle LEFT JOIN cycle_total AS told ON told.cycle_id = cycle.id
GROUP BY cycle.id
HAVING cycle.input_octets <> coalesce(sum(told.input_octets), 0)
    OR cycle.output_octets <> coalesce(sum(told.output_octets), 0);

ALTER TABLE cycle DROP COLUMN input_octets;
ALTER TABLE cycle DROP COLUMN output_octets;
