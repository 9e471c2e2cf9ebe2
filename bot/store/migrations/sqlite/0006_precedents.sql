-- The precedent library: released records, and the terms by which they are found.

-- `terms`: each once, with spaces between: words of the texts, and codes as `theme_approach`.
CREATE TABLE precedents (
    seq    INTEGER PRIMARY KEY,
    record TEXT NOT NULL UNIQUE REFERENCES records (id),
    terms  TEXT NOT NULL
);

-- How many records have a term; under '' how many there are.
CREATE TABLE precedent_terms (
    term    TEXT PRIMARY KEY,
    records INTEGER NOT NULL
) WITHOUT ROWID;

-- Where a term stands, kept up by the same transaction (a trigger may not touch such a table here).
-- Terms are cut beforehand: for this tokenizer every letter beyond ASCII is one of a word.
CREATE VIRTUAL TABLE precedent_index USING fts5 (
    terms, content = 'precedents', content_rowid = 'seq', detail = 'none', columnsize = 0,
    tokenize = "ascii tokenchars '_'"
);
