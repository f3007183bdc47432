-- SHA-256 of the certificate a router showed first, or that its operator named; NULL: the next one is remembered.
ALTER TABLE nas ADD COLUMN fingerprint BLOB CHECK (length(fingerprint) = 32);
