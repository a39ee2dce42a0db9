-- Room: accounts. Proof of a new mail address; whether single keys act as
-- shortcuts; links found by their account.
-- To undo: drop the table, the index and the column.
CREATE TABLE address_changes (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    mail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX address_changes_account ON address_changes (account);
CREATE INDEX sign_in_links_account ON sign_in_links (account);
ALTER TABLE accounts ADD COLUMN shortcuts BIGINT NOT NULL DEFAULT 1;
