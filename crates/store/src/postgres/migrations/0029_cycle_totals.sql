-- As in SQLite. These rows are what rounds write again and again now; those of `cycle` change when it closes. Its cycle is
-- looked up by whoever makes a row, so that a reference would look it up twice.
CREATE TABLE cycle_total (
    nas_id bigint NOT NULL,
    cycle_id bigint NOT NULL,
    input_octets bigint NOT NULL,
    output_octets bigint NOT NULL,
    PRIMARY KEY (nas_id, cycle_id)
) WITH (fillfactor = 50);

INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
SELECT nas_id, cycle_id, sum(delta_input)::bigint, sum(delta_output)::bigint
FROM ledger_entry AS entry
WHERE cycle_id IS NOT NULL AND posted = 1
  AND NOT (reason = 'adopted' AND EXISTS (
      SELECT 1 FROM adoption
      WHERE adoption.entry_no = entry.no AND adoption.nas_id = entry.nas_id AND adoption.bucket = entry.bucket
        AND superseded_at IS NOT NULL))
GROUP BY nas_id, cycle_id;
CREATE INDEX cycle_total_cycle ON cycle_total (cycle_id);

INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
SELECT 0, cycle.id, cycle.input_octets - coalesce(sum(told.input_octets), 0),
       cycle.output_octets - coalesce(sum(told.output_octets), 0)
FROM cycle LEFT JOIN cycle_total AS told ON told.cycle_id = cycle.id
GROUP BY cycle.id
HAVING cycle.input_octets <> coalesce(sum(told.input_octets), 0)
    OR cycle.output_octets <> coalesce(sum(told.output_octets), 0);

ALTER TABLE cycle DROP COLUMN input_octets, DROP COLUMN output_octets, RESET (fillfactor);
