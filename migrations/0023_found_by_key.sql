-- Room: platform. What somebody did is found by their number, and mails by the
-- address in lower case (as the program folds it: the engines differ).
-- To undo: drop the index log_actor and the two columns with their index.
CREATE INDEX log_actor ON log (actor, seq);
ALTER TABLE mail_queue ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
ALTER TABLE mail_queue ADD COLUMN reply_key TEXT NOT NULL DEFAULT '';
UPDATE mail_queue SET recipient_key = LOWER(recipient), reply_key = LOWER(reply_to);
DROP INDEX mail_queue_recipient;
CREATE INDEX mail_queue_to ON mail_queue (recipient_key);
