-- As in SQLite.
CREATE TABLE operator_group (
    operator_id bigint NOT NULL REFERENCES operator (id),
    group_id bigint NOT NULL REFERENCES nas_group (id),
    PRIMARY KEY (operator_id, group_id)
);
CREATE TABLE api_token_group (
    token_id bigint NOT NULL REFERENCES api_token (id),
    group_id bigint NOT NULL REFERENCES nas_group (id),
    PRIMARY KEY (token_id, group_id)
);

ALTER TABLE operator ADD COLUMN language text COLLATE "C";
