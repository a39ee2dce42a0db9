-- Room: directory. Logos of organisations as small PNG pictures, in base64;
-- the hash is that of the picture and part of its address.
-- To undo: drop the table.
CREATE TABLE organisation_logos (
    organisation TEXT PRIMARY KEY REFERENCES organisations (id),
    hash TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    content TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
