-- The version of the bindings that each edge came with: a reading that began under an earlier one may be of before the edge,
-- and settles nothing of it. What was noted before this counts as known to any reading.
ALTER TABLE cycle_edge ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edge_group ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
