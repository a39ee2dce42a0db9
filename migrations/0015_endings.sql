-- Room: directory. An import may end memberships too.
-- To undo: DELETE FROM import_changes WHERE kind = 'ended' (those ends can no
-- longer be undone with their import).
CREATE TABLE import_changes_next (
    import TEXT NOT NULL REFERENCES imports (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('created', 'changed', 'joined', 'person', 'ended')),
    organisation TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (import, position)
);
INSERT INTO import_changes_next (import, position, kind, organisation, subject, before, after)
    SELECT import, position, kind, organisation, subject, before, after FROM import_changes;
DROP TABLE import_changes;
ALTER TABLE import_changes_next RENAME TO import_changes;
CREATE INDEX import_changes_organisation ON import_changes (organisation);
