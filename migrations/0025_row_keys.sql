-- Room: directory. The keys of a list's lines are noted before the records that
-- they mean are written, in the transaction that applies the list: they no
-- longer refer to them.
-- To undo: make the table anew with REFERENCES organisations (id), leaving out
-- keys of imports that are not applied.
CREATE TABLE row_keys_next (
    cluster TEXT NOT NULL REFERENCES clusters (id),
    row_key TEXT NOT NULL,
    import TEXT NOT NULL REFERENCES imports (id),
    organisation TEXT NOT NULL,
    draft TEXT NOT NULL,
    PRIMARY KEY (cluster, row_key, import)
);
INSERT INTO row_keys_next (cluster, row_key, import, organisation, draft)
    SELECT cluster, row_key, import, organisation, draft FROM row_keys;
DROP TABLE row_keys;
ALTER TABLE row_keys_next RENAME TO row_keys;
CREATE INDEX row_keys_organisation ON row_keys (organisation);
