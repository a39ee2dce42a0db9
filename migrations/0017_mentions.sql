-- Room: platform. Which facts of the log name a noun that is not their subject:
-- the first of its kind in a command, and how many of that kind it made.
-- To undo: drop the table (histories then show only what happened to a noun itself).
CREATE TABLE log_mentions (
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    facts BIGINT NOT NULL,
    PRIMARY KEY (id, seq)
);
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, 67, 36), MIN(seq), COUNT(*) FROM log
    WHERE kind IN ('directory.membership_began', 'directory.membership_ended',
        'directory.membership_resumed', 'directory.membership_withdrawn')
    GROUP BY SUBSTR(body, 67, 36), kind, at, actor;
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, 61, 36), seq, 1 FROM log
    WHERE kind IN ('directory.import_applied', 'directory.import_undone');
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, 59, 36), seq, 1 FROM log
    WHERE kind IN ('directory.organisations_merged', 'directory.merge_undone');
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, 67, 36), seq, 1 FROM log WHERE kind = 'directory.request_approved';
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, 66, 36), seq, 1 FROM log WHERE kind = 'directory.person_joined';
INSERT INTO log_mentions (id, seq, facts)
    SELECT SUBSTR(body, LENGTH(body) - 38, 36), seq, 1 FROM log
    WHERE kind IN ('accounts.role_granted', 'accounts.role_ended') AND body LIKE '%"}}';
