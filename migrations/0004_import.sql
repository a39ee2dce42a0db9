-- Room: directory. Imports of member lists: what is staged, what was done,
-- what a cluster's lists look like, and which line led to which record.
-- To undo: drop the five tables (imports can no longer be undone afterwards).
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    cluster TEXT NOT NULL REFERENCES clusters (id),
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    header TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staged', 'applied', 'undone', 'cancelled')),
    new_rows BIGINT NOT NULL,
    changed_rows BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    absent_records BIGINT NOT NULL,
    duplicate_rows BIGINT NOT NULL,
    rejected_rows BIGINT NOT NULL,
    actor TEXT,
    created_at BIGINT NOT NULL,
    applied_at BIGINT,
    undone_at BIGINT
);
CREATE INDEX imports_cluster ON imports (cluster, created_at);
CREATE TABLE import_rows (
    import TEXT NOT NULL REFERENCES imports (id),
    line BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('staged', 'new', 'changed', 'unchanged', 'rejected')),
    organisation TEXT,
    reason TEXT NOT NULL,
    draft TEXT NOT NULL,
    PRIMARY KEY (import, line)
);
CREATE TABLE import_changes (
    import TEXT NOT NULL REFERENCES imports (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('created', 'changed', 'joined', 'person')),
    organisation TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (import, position)
);
CREATE INDEX import_changes_organisation ON import_changes (organisation);
CREATE TABLE column_mappings (
    cluster TEXT PRIMARY KEY REFERENCES clusters (id),
    mapping TEXT NOT NULL
);
CREATE TABLE row_keys (
    cluster TEXT NOT NULL REFERENCES clusters (id),
    row_key TEXT NOT NULL,
    import TEXT NOT NULL REFERENCES imports (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    draft TEXT NOT NULL,
    PRIMARY KEY (cluster, row_key, import)
);
CREATE INDEX row_keys_organisation ON row_keys (organisation);
