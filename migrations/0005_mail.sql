-- Room: platform. The mail queue with its files, in place of the table that
-- 0002 had laid out and that nothing ever filled.
-- To undo: drop the two tables (mails that wait are lost).
DROP TABLE mails;
CREATE TABLE mail_queue (
    id TEXT PRIMARY KEY,
    dedup_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    account TEXT,
    recipient TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    lang TEXT NOT NULL,
    confidential BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'kept')),
    tries BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mail_queue_due ON mail_queue (state, next_try_at);
CREATE INDEX mail_queue_age ON mail_queue (created_at, id);
CREATE INDEX mail_queue_recipient ON mail_queue (recipient);
CREATE TABLE mail_files (
    mail TEXT NOT NULL REFERENCES mail_queue (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (mail, position)
);
