-- The particulars of a command, as JSON: what it was about is looked for when its process is gone.
ALTER TABLE command ADD COLUMN arguments text COLLATE "C";
