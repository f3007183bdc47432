-- Coverage is told by source: 'ppp', 'hotspot', 'hotspot_host', 'interface', 'queue', the table that was read. Until now a row
-- said 'ppp' and was written in each clean round of the router, whichever of its tables were read: it is history of all
-- sources alike, as it was answered with, and is called so. (Whether a table could not be read in one of those rounds nobody
-- knows any more; that it could was said of each of them.) Rows of 'every' are extended no more: the first round after this
-- begins a row for each source it reads.
UPDATE coverage SET source = 'every';
CREATE INDEX coverage_source ON coverage (nas_id, source, from_at);

-- Numbers of the rows being extended, by source, packed. nas.open_coverage is not used any more; a later migration drops it.
ALTER TABLE nas ADD COLUMN open_coverages BLOB NOT NULL DEFAULT x'';
UPDATE nas SET open_coverage = NULL;
