-- Room: consents. What people agreed to: the words that were shown, kept once
-- per version, and who agreed to them when, until when.
-- To undo: drop the tables (the proof of every consent is lost).
CREATE TABLE consent_texts (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('de', 'en')),
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    words TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE UNIQUE INDEX consent_texts_version ON consent_texts (purpose, lang, version);
CREATE UNIQUE INDEX consent_texts_hash ON consent_texts (purpose, lang, hash);
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    scope TEXT NOT NULL,
    choice TEXT NOT NULL,
    text TEXT NOT NULL REFERENCES consent_texts (id),
    given_at BIGINT NOT NULL,
    given_on TEXT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_on TEXT
);
CREATE UNIQUE INDEX consents_open ON consents (account, purpose, scope) WHERE withdrawn_at IS NULL;
CREATE INDEX consents_account ON consents (account, given_at);
