-- The papers of a review: the one page before it, how it went, what came of it. Words are sealed under the consultation's key.

CREATE TABLE briefs (
    review       TEXT PRIMARY KEY REFERENCES reviews (id),
    written_by   TEXT NOT NULL,
    written_at   TEXT NOT NULL,
    agreement    TEXT NOT NULL,
    agreed_on    TEXT,
    approved_by  TEXT,
    approved_at  TEXT,
    words_sealed TEXT NOT NULL,
    version      INTEGER NOT NULL
);

-- How far a review has come: which step since when. Codes and times only.
CREATE TABLE review_sittings (
    review    TEXT PRIMARY KEY REFERENCES reviews (id),
    begun_at  TEXT NOT NULL,
    begun_by  TEXT NOT NULL,
    step      INTEGER NOT NULL,
    step_at   TEXT NOT NULL,
    ended_at  TEXT
);

CREATE TABLE review_notes (
    review       TEXT PRIMARY KEY REFERENCES reviews (id),
    written_by   TEXT NOT NULL,
    written_at   TEXT NOT NULL,
    approved_by  TEXT,
    approved_at  TEXT,
    words_sealed TEXT NOT NULL,
    version      INTEGER NOT NULL
);

-- Who was there, for how many minutes, and what is owed for it in yen.
CREATE TABLE review_attendance (
    review     TEXT NOT NULL REFERENCES reviews (id),
    staff      TEXT NOT NULL,
    minutes    INTEGER NOT NULL,
    honorarium INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (review, staff)
);

CREATE TABLE review_tasks (
    id          TEXT PRIMARY KEY,
    review      TEXT NOT NULL REFERENCES reviews (id),
    place       INTEGER NOT NULL,
    staff       TEXT NOT NULL,
    due         TEXT NOT NULL,
    done_at     TEXT,
    done_by     TEXT,
    text_sealed TEXT NOT NULL,
    UNIQUE (review, place)
);
CREATE INDEX review_tasks_open ON review_tasks (staff, due) WHERE done_at IS NULL;

-- What the supporter is told of it in plain words.
CREATE TABLE review_advice (
    review       TEXT PRIMARY KEY REFERENCES reviews (id),
    told_by      TEXT NOT NULL,
    told_at      TEXT NOT NULL,
    words_sealed TEXT NOT NULL
);

-- Papers of reviews that lie in Slack as files, to be taken away: ids and codes only. They outlive the outbox, and the key.
CREATE TABLE review_files (
    file_id TEXT PRIMARY KEY,
    review  TEXT NOT NULL,
    staff   TEXT NOT NULL,
    paper   TEXT NOT NULL,
    at      TEXT NOT NULL
);

-- That papers of a review were printed for the table, and whether they were collected: people and times only.
CREATE TABLE review_prints (
    review       TEXT PRIMARY KEY REFERENCES reviews (id),
    printed_at   TEXT NOT NULL,
    asked_at     TEXT,
    collected_at TEXT,
    collected_by TEXT
);
