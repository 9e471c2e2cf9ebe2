-- Case reviews: what is convened from a consultation, who is invited, slots and answers.
-- `plan` holds codes and numbers; `words_sealed` the question and the place. All words are sealed under the consultation's key.

CREATE TABLE reviews (
    id            TEXT PRIMARY KEY,
    consultation  TEXT NOT NULL REFERENCES consultations (id),
    round         INTEGER NOT NULL,
    fiscal_year   INTEGER NOT NULL,
    stage         TEXT NOT NULL,
    convener      TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    plan          TEXT NOT NULL,
    words_sealed  TEXT,
    deadline      TEXT,
    starts_at     TEXT,
    ends_at       TEXT,
    ended_at      TEXT,
    ended_because TEXT,
    edition       INTEGER NOT NULL,
    codes_version TEXT NOT NULL,
    version       INTEGER NOT NULL,
    UNIQUE (consultation, round)
);
CREATE INDEX reviews_by_stage ON reviews (stage, starts_at);
CREATE INDEX reviews_ended ON reviews (ended_at);

CREATE TABLE review_people (
    review       TEXT NOT NULL REFERENCES reviews (id),
    staff        TEXT NOT NULL,
    discipline   TEXT NOT NULL,
    role         TEXT NOT NULL,
    required     INTEGER NOT NULL DEFAULT 0,
    invited_at   TEXT,
    answered_at  TEXT,
    left_at      TEXT,
    left_because TEXT,
    part         TEXT NOT NULL DEFAULT 'asked',
    PRIMARY KEY (review, staff)
);
CREATE INDEX review_people_by_staff ON review_people (staff);

CREATE TABLE review_slots (
    id        TEXT PRIMARY KEY,
    review    TEXT NOT NULL REFERENCES reviews (id),
    starts_at TEXT NOT NULL,
    ends_at   TEXT NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX review_slots_of ON review_slots (review, starts_at);

CREATE TABLE review_answers (
    slot        TEXT NOT NULL REFERENCES review_slots (id),
    staff       TEXT NOT NULL,
    says        TEXT NOT NULL CHECK (says IN ('yes', 'maybe', 'no')),
    at          TEXT NOT NULL,
    note_sealed TEXT,
    PRIMARY KEY (slot, staff)
);

-- One row for everybody who was ever given a time: held while a time is fixed, so that nobody is given two at once.
CREATE TABLE review_diaries (
    staff     TEXT PRIMARY KEY,
    opened_at TEXT NOT NULL
);
