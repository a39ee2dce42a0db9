-- Room: platform. The activity log, its head, and where its readers stand.
-- To undo: drop the four tables (all activity is lost).
CREATE TABLE log_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO log_head (id, seq, hash) VALUES (1, 0, '');
CREATE TABLE log (
    seq BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT,
    acting_for TEXT,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX log_subject ON log (subject, seq);
CREATE TABLE reader_cursors (
    reader TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    retry_at BIGINT NOT NULL
);
CREATE TABLE parked_facts (
    reader TEXT NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (reader, seq)
);
