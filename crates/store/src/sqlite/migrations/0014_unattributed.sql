-- What a counter moved as nobody's was stored only when something else of it changed too. Its entries tell; where some were
-- folded, at least so much.
UPDATE counter
SET unattributed_input = max(unattributed_input, nobodys.input),
    unattributed_output = max(unattributed_output, nobodys.output)
FROM (SELECT nas_id << 40 | counter_no AS id, sum(delta_input) AS input, sum(delta_output) AS output
      FROM ledger_entry
      WHERE login_id IS NULL AND counter_no IS NOT NULL AND posted AND no < 1 << 39
      GROUP BY 1) AS nobodys
WHERE counter.id = nobodys.id;
