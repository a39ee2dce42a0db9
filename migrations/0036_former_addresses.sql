-- Room: accounts. Addresses that an account had and proved: what was written from
-- them stays its owner's to see and to erase, and who blocked it has blocked them.
-- To undo: drop the table.
CREATE TABLE former_addresses (
    account TEXT NOT NULL REFERENCES accounts (id),
    mail_key TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (account, mail_key)
);
CREATE INDEX former_addresses_mail ON former_addresses (mail_key);
