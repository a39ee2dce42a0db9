-- Room: directory. Since when a person works for their organisation, for which
-- they worked before, and what waits for an organisation's yes.
-- To undo: drop both tables and the column.
ALTER TABLE people ADD COLUMN employed_since TEXT;
CREATE TABLE former_employments (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    since TEXT,
    until TEXT NOT NULL
);
CREATE INDEX former_employments_person ON former_employments (person);
CREATE INDEX former_employments_organisation ON former_employments (organisation);
CREATE TABLE employment_requests (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL UNIQUE REFERENCES people (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    since TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX employment_requests_organisation ON employment_requests (organisation);
