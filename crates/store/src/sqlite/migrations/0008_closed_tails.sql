-- Seconds a missing counter went on at most after its last reading; null while nothing tells, -1 where no clock spans them.
ALTER TABLE counter ADD COLUMN missing_tail_s INTEGER;
