-- Room: directory. A request remembers the account that its approval led to, so
-- that it can be found when its asker has moved to another address. Whoever
-- published something before the words of a consent were kept is asked anew.
-- To undo: drop the column.
ALTER TABLE requests ADD COLUMN account TEXT;
CREATE INDEX requests_account ON requests (account);
UPDATE people SET asked_at = NULL WHERE account IS NOT NULL
    AND id IN (SELECT person FROM contact_publications);
