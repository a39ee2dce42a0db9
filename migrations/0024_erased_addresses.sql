-- Room: privacy. The keyed mark of the address that was erased with, or without,
-- a record; and people whom the end of their invitation had left behind an
-- emptied account: contacts of lists are free again, others are emptied as well.
-- To undo: drop the column (what was emptied stays empty).
ALTER TABLE erasures ADD COLUMN address TEXT;
DELETE FROM contact_publications WHERE person IN (SELECT p.id FROM people p
    JOIN accounts a ON a.id = p.account
    WHERE a.mail_key = 'erased:' || a.id AND p.source = 'account');
DELETE FROM person_clusters WHERE person IN (SELECT p.id FROM people p
    JOIN accounts a ON a.id = p.account
    WHERE a.mail_key = 'erased:' || a.id AND p.source = 'account');
UPDATE people SET name = '', sort_key = '', function = '', mail = '', phone = '',
    organisation = NULL, account = NULL, source = '', import = NULL, legal_ground = '',
    asked_at = NULL, state = 'erased'
    WHERE source = 'account' AND account IN
    (SELECT id FROM accounts WHERE mail_key = 'erased:' || id);
UPDATE people SET account = NULL WHERE account IN
    (SELECT id FROM accounts WHERE mail_key = 'erased:' || id);
