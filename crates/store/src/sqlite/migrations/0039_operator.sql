-- Operators sign in with a name and a password. No program before wrote rows of `operator`.
DROP TABLE operator;
CREATE TABLE operator (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- The name as it is compared: Ana and ana are one person.
    folded TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'cashier', 'viewer')),
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    signed_in_at INTEGER
) STRICT;

-- A browser that somebody signed in with, until they sign out, are changed, or stay away.
CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operator_id INTEGER NOT NULL REFERENCES operator (id),
    sha256 BLOB NOT NULL UNIQUE,
    began_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_operator ON sign_in (operator_id);

-- The mark of a browser with which somebody signed in once: strangers' wrong guesses do not lock it out.
CREATE TABLE known_browser (
    sha256 BLOB PRIMARY KEY NOT NULL,
    operator_id INTEGER NOT NULL REFERENCES operator (id),
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX known_browser_operator ON known_browser (operator_id);

-- The key of the link with which the first operator is made, as its SHA-256, and until when it opens.
ALTER TABLE meta ADD COLUMN setup_sha256 BLOB;
ALTER TABLE meta ADD COLUMN setup_until INTEGER;

-- Tokens have the same four roles.
CREATE TABLE wider_api_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'cashier', 'viewer')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;
INSERT INTO wider_api_token (id, name, sha256, role, created_at, expires_at, last_used_at, revoked_at)
SELECT id, name, sha256, role, created_at, expires_at, last_used_at, revoked_at FROM api_token;
DROP TABLE api_token;
ALTER TABLE wider_api_token RENAME TO api_token;
