-- Room: directory. Whether an address has objected, whatever list it came in by.
-- To undo: drop the index.
CREATE INDEX people_objected ON people (LOWER(mail)) WHERE objected_at IS NOT NULL;
