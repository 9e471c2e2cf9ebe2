-- アドバイス内容の検討会: records of a time are read together. Anonymized records and codes only: nothing of a consultation.

-- `since` and `last` are days, both included. `readers`: ids. `population`: how many there were to draw from, by region and
-- theme. `summary`: what may be told, once the reading is over; the answers themselves are gone from then on.
CREATE TABLE advice_reviews (
    id            TEXT PRIMARY KEY,
    since         TEXT NOT NULL,
    last          TEXT NOT NULL,
    most          INTEGER NOT NULL,
    seed          TEXT NOT NULL,
    readers       TEXT NOT NULL,
    population    TEXT NOT NULL,
    opened_by     TEXT NOT NULL,
    opened_at     TEXT NOT NULL,
    codes_version TEXT NOT NULL,
    closed_by     TEXT,
    closed_at     TEXT,
    summary       TEXT,
    CHECK (since <= last)
);

-- Which records were drawn, and who reads each: a record is read in one review, once.
CREATE TABLE advice_samples (
    record  TEXT PRIMARY KEY REFERENCES records (id),
    review  TEXT NOT NULL REFERENCES advice_reviews (id),
    theme   TEXT NOT NULL,
    reader  TEXT NOT NULL,
    answers TEXT,
    read_at TEXT
);
CREATE INDEX advice_samples_of ON advice_samples (review);
CREATE INDEX advice_samples_unread ON advice_samples (reader) WHERE read_at IS NULL;

-- What was drawn and is kept from others since: withheld, found to have a name in it, withdrawn, held back by law.
CREATE VIEW advice_barred AS
SELECT s.record AS record FROM advice_samples AS s
WHERE EXISTS (SELECT 1 FROM record_reviews AS r WHERE r.record = s.record AND r.decision = 'withheld')
   OR EXISTS (SELECT 1 FROM record_replacements AS p WHERE p.record = s.record)
   OR EXISTS (
    SELECT 1 FROM record_links AS l JOIN consultations AS c ON c.id = l.consultation
    WHERE l.record = s.record AND (c.status = 'withdrawn' OR c.id IN (SELECT id FROM held_back))
   );

-- What somebody noticed while reading. Which record it was about is forgotten when the reading is over.
CREATE TABLE advice_findings (
    id         TEXT PRIMARY KEY,
    review     TEXT NOT NULL REFERENCES advice_reviews (id),
    record     TEXT UNIQUE,
    kind       TEXT NOT NULL,
    theme      TEXT NOT NULL,
    text       TEXT NOT NULL,
    settled_as TEXT,
    settled_by TEXT,
    settled_at TEXT,
    CHECK (settled_as IN ('model', 'topic', 'left'))
);
CREATE INDEX advice_findings_of ON advice_findings (review);

-- ことばの手本: sentences others may take up when they advise.
CREATE TABLE advice_models (
    id         TEXT PRIMARY KEY,
    finding    TEXT NOT NULL UNIQUE REFERENCES advice_findings (id),
    theme      TEXT NOT NULL,
    text       TEXT NOT NULL,
    kept_by    TEXT NOT NULL,
    kept_at    TEXT NOT NULL,
    retired_by TEXT,
    retired_at TEXT
);
