-- Room: directory. On which ground a person's data came in and whether the
-- person knows (Art. 14 GDPR); fields of an organisation that its own people
-- keep, so that no list overwrites them.
-- To undo: drop the table and the columns.
ALTER TABLE people ADD COLUMN import TEXT;
ALTER TABLE people ADD COLUMN legal_ground TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN informed_at BIGINT;
ALTER TABLE people ADD COLUMN objected_at BIGINT;
CREATE INDEX people_import ON people (import);
UPDATE people SET import = (SELECT MIN(c.import) FROM import_changes c
    WHERE c.kind = 'person' AND c.subject = people.id);
ALTER TABLE imports ADD COLUMN legal_ground TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE TABLE own_fields (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    field TEXT NOT NULL,
    account TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation, field)
);
