-- Room: accessibility. What people report about barriers, each with its
-- one-month clock (section 12b BGG).
-- To undo: drop the table.
CREATE TABLE accessibility_feedback (
    id TEXT PRIMARY KEY,
    page TEXT NOT NULL,
    message TEXT NOT NULL,
    mail TEXT NOT NULL,
    lang TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at BIGINT,
    answered_by TEXT
);
CREATE INDEX accessibility_feedback_open ON accessibility_feedback (answered_at, due_on);
