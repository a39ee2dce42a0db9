-- Room: directory. Imports that are being carried out: how far they are, and
-- whether somebody asked to stop. What stays after its process is gone was
-- interrupted; nothing of it was written.
-- To undo: drop the table (interrupted imports look as if never begun).
CREATE TABLE import_runs (
    import TEXT PRIMARY KEY REFERENCES imports (id),
    step TEXT NOT NULL CHECK (step IN ('reading', 'matching', 'writing')),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
