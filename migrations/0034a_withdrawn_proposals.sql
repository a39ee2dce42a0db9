-- Room: directory. A proposal to merge that its own management took back: it stands
-- as declined, with the moment when it was withdrawn.
-- To undo: drop the column.
ALTER TABLE merge_proposals ADD COLUMN withdrawn_at BIGINT;
