-- What is known of a case, and what more the anonymized record says.

-- The dictionary of a case: names, places and agencies that were confirmed, and what stands for them. Sealed.
-- kept = 1: a person said that this is nobody's name.
CREATE TABLE case_names (
    id             TEXT PRIMARY KEY,
    consultation   TEXT NOT NULL REFERENCES consultations (id),
    label          TEXT NOT NULL,
    kept           INTEGER NOT NULL DEFAULT 0,
    added_by       TEXT NOT NULL,
    at             TEXT NOT NULL,
    surface_sealed TEXT NOT NULL,
    token_sealed   TEXT NOT NULL
);
CREATE INDEX case_names_of ON case_names (consultation, at);
-- The dictionaries of those that were merged into a case count for it.
CREATE INDEX consultations_merged ON consultations (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE records ADD COLUMN age_band TEXT;
ALTER TABLE records ADD COLUMN sex TEXT;
ALTER TABLE records ADD COLUMN household TEXT;
ALTER TABLE records ADD COLUMN theme TEXT;
ALTER TABLE records ADD COLUMN purpose TEXT NOT NULL DEFAULT 'support';
ALTER TABLE records ADD COLUMN agreement TEXT;
ALTER TABLE records ADD COLUMN unusual TEXT NOT NULL DEFAULT '[]';
ALTER TABLE records ADD COLUMN likeness INTEGER NOT NULL DEFAULT 0;
-- A number drawn for the case: the records of one that was opened again share it, and count as one.
ALTER TABLE records ADD COLUMN of_case TEXT NOT NULL DEFAULT '';
CREATE INDEX records_of_case ON records (of_case, made_at, id);
-- Coarse facts from the one that is widened last to the one that is widened first: a wider question asks a prefix.
CREATE INDEX records_alike ON records (household, sex, age_band, theme, region, of_case);

-- Whether others may learn from a record: offered by one person, released or withheld by another, withdrawn by a third.
CREATE TABLE record_reviews (
    record       TEXT PRIMARY KEY REFERENCES records (id),
    offered_by   TEXT NOT NULL,
    offered_at   TEXT NOT NULL,
    reviewed_by  TEXT,
    reviewed_at  TEXT,
    decision     TEXT,
    withdrawn_by TEXT,
    CHECK (decision IN ('released', 'withheld', 'withdrawn')),
    CHECK ((decision IS NULL) = (reviewed_by IS NULL)),
    CHECK (reviewed_by <> offered_by),
    CHECK ((withdrawn_by IS NOT NULL) = (decision IS NOT NULL AND decision = 'withdrawn'))
);
CREATE INDEX record_reviews_open ON record_reviews (offered_at) WHERE decision IS NULL;
CREATE INDEX record_reviews_released ON record_reviews (record) WHERE decision = 'released';

-- Whether what was advised helped: one tap each, kept apart from the frozen record, codes only. `question`: which one it
-- was of those asked, counted from 1; `at`: the day. Neither leads to whom it was asked.
CREATE TABLE record_echoes (
    record    TEXT NOT NULL REFERENCES records (id),
    question  TEXT NOT NULL,
    answer    TEXT,
    heaviness TEXT,
    at        TEXT NOT NULL,
    PRIMARY KEY (record, question)
);
