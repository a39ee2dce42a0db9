-- Room: privacy. Who was erased, by identifier alone: the journal that every
-- restore replays.
-- To undo: drop the table.
CREATE TABLE erasures (
    id TEXT PRIMARY KEY,
    account TEXT,
    person TEXT,
    asked_by TEXT NOT NULL CHECK (asked_by IN ('self', 'officer', 'retention')),
    at BIGINT NOT NULL
);
CREATE INDEX erasures_at ON erasures (at);
