-- Whom it names reaches the routers of these groups only; whom it does not name reaches all.
CREATE TABLE operator_group (
    operator_id INTEGER NOT NULL REFERENCES operator (id),
    group_id INTEGER NOT NULL REFERENCES nas_group (id),
    PRIMARY KEY (operator_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE api_token_group (
    token_id INTEGER NOT NULL REFERENCES api_token (id),
    group_id INTEGER NOT NULL REFERENCES nas_group (id),
    PRIMARY KEY (token_id, group_id)
) STRICT, WITHOUT ROWID;

-- What the web admin speaks with them; NULL until they say.
ALTER TABLE operator ADD COLUMN language TEXT;
