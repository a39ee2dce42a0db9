-- Room: directory. Messages to organisations, who may not write to them any
-- more, and reports to the management. A message's words are emptied once it
-- has been relayed; name and address go after keep_until. A sender is known
-- afterwards by a keyed hash alone.
-- To undo: drop the tables (unconfirmed messages and blocks are lost).
CREATE TABLE contact_messages (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    sender_key TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    message TEXT NOT NULL,
    lang TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unconfirmed', 'relayed', 'withheld')),
    created_at BIGINT NOT NULL,
    keep_until BIGINT NOT NULL
);
CREATE INDEX contact_messages_token ON contact_messages (token_hash);
CREATE INDEX contact_messages_keep ON contact_messages (keep_until);
CREATE TABLE contact_blocks (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    sender_key TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (organisation, sender_key)
);
CREATE TABLE contact_reports (
    message TEXT PRIMARY KEY REFERENCES contact_messages (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    settled_by TEXT
);
CREATE INDEX contact_reports_organisation ON contact_reports (organisation, settled_at);
