-- The precedent library: released records, and the terms by which they are found.

-- `terms`: each once, with spaces between: words of the texts, and codes as `theme_approach`.
CREATE TABLE precedents (
    seq    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record TEXT NOT NULL UNIQUE REFERENCES records (id),
    terms  TEXT NOT NULL,
    tokens TSVECTOR GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED
);
CREATE INDEX precedents_found ON precedents USING gin (tokens);

-- How many records have a term; under '' how many there are.
CREATE TABLE precedent_terms (
    term    TEXT PRIMARY KEY,
    records INTEGER NOT NULL
);
