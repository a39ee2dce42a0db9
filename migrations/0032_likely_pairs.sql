-- Room: directory. New records of a list whose name is nearly that of another
-- record at the same place: what equal keys do not find again.
-- To undo: drop the table.
CREATE TABLE likely_pairs (
    first TEXT NOT NULL REFERENCES organisations (id),
    second TEXT NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (first, second)
);
CREATE INDEX likely_pairs_second ON likely_pairs (second);
