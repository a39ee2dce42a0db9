-- Room: directory. Before an organisation is deleted, whatever may refer to it
-- is looked for: by an index, also where many are deleted with their import.
-- To undo: drop the six indexes.
CREATE INDEX contact_messages_organisation ON contact_messages (organisation);
CREATE INDEX merge_proposals_winner ON merge_proposals (winner);
CREATE INDEX merge_proposals_loser ON merge_proposals (loser);
CREATE INDEX merges_winner ON merges (winner);
CREATE INDEX merges_loser ON merges (loser);
CREATE INDEX kept_apart_second ON kept_apart (second);
