-- Room: directory. Names under which an organisation was listed before, its own
-- and those of records merged into it: a list that still uses one is noticed.
-- To undo: drop the table.
CREATE TABLE former_names (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation, name_key)
);
CREATE INDEX former_names_name ON former_names (name_key);
