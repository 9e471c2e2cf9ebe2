-- Trainings and meetings: plans, seats, attendance, certificates, questions and feedback.
-- Instants are ISO 8601 UTC text; lists and objects are JSON text; columns named *_sealed hold what the vault sealed.

CREATE TABLE training_serials (
    fiscal_year INTEGER PRIMARY KEY,
    last        INTEGER NOT NULL
);

-- `plan` holds codes and the words everybody may read; `private_sealed` the address and links of those who joined.
CREATE TABLE trainings (
    id             TEXT PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    fiscal_year    INTEGER NOT NULL,
    stage          TEXT NOT NULL,
    kind           TEXT NOT NULL,
    organizer      TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    starts_at      TEXT,
    ends_at        TEXT,
    deadline       TEXT,
    plan           TEXT NOT NULL,
    private_sealed TEXT,
    channels       TEXT NOT NULL,
    announce_at    TEXT,
    announced_at   TEXT,
    ended_at       TEXT,
    ended_because  TEXT,
    edition        INTEGER NOT NULL,
    last_turn      INTEGER NOT NULL,
    codes_version  TEXT NOT NULL,
    version        INTEGER NOT NULL
);
CREATE INDEX trainings_by_stage ON trainings (stage, starts_at);

-- A session that was taken out stays, so that calendars can be told.
CREATE TABLE training_sessions (
    id        TEXT PRIMARY KEY,
    training  TEXT NOT NULL REFERENCES trainings (id),
    starts_at TEXT NOT NULL,
    ends_at   TEXT NOT NULL,
    removed   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX training_sessions_of ON training_sessions (training, starts_at);

-- What changed with each edition, for those who had joined: public words and codes; of secrets only that they changed.
CREATE TABLE training_changes (
    training TEXT NOT NULL REFERENCES trainings (id),
    edition  INTEGER NOT NULL,
    at       TEXT NOT NULL,
    by       TEXT NOT NULL,
    changed  TEXT NOT NULL,
    PRIMARY KEY (training, edition)
);

-- Coded values only. `answers_sealed`: name, agency, phone, needs, as they were given.
CREATE TABLE participations (
    id                TEXT PRIMARY KEY,
    training          TEXT NOT NULL REFERENCES trainings (id),
    attendee          TEXT NOT NULL,
    person            TEXT,
    format            TEXT NOT NULL,
    status            TEXT NOT NULL,
    turn              INTEGER NOT NULL,
    joined_at         TEXT NOT NULL,
    offered_at        TEXT,
    offer_expires_at  TEXT,
    entered_by        TEXT,
    route             TEXT NOT NULL,
    supporter_field   TEXT,
    organization_type TEXT,
    occupation        TEXT,
    municipality      TEXT,
    region            TEXT,
    walk_in           INTEGER NOT NULL,
    reminders         INTEGER NOT NULL,
    calendar          INTEGER NOT NULL,
    practice          TEXT,
    answers_sealed    TEXT,
    version           INTEGER NOT NULL,
    UNIQUE (training, attendee)
);
CREATE INDEX participations_by_person ON participations (person, joined_at) WHERE person IS NOT NULL;
CREATE INDEX participations_by_attendee ON participations (attendee);

CREATE TABLE attendances (
    participation TEXT NOT NULL REFERENCES participations (id),
    session       TEXT NOT NULL REFERENCES training_sessions (id),
    status        TEXT NOT NULL,
    minutes       INTEGER NOT NULL,
    how           TEXT NOT NULL,
    at            TEXT NOT NULL,
    by            TEXT NOT NULL,
    PRIMARY KEY (participation, session)
);

-- `code` lets anybody verify the number; `name_hash` lets whoever holds the paper compare the name. Neither tells a name.
CREATE TABLE certificates (
    number        TEXT PRIMARY KEY,
    participation TEXT NOT NULL UNIQUE REFERENCES participations (id),
    issued_at     TEXT NOT NULL,
    minutes       INTEGER NOT NULL,
    code          TEXT NOT NULL,
    name_hash     TEXT NOT NULL
);

-- Who is asked to come, and for which municipality; whether they answered is their participation.
CREATE TABLE training_invitees (
    training     TEXT NOT NULL REFERENCES trainings (id),
    person       TEXT NOT NULL,
    invited_at   TEXT NOT NULL,
    municipality TEXT,
    PRIMARY KEY (training, person)
);

-- 質問 → 回答. `municipality`: where the question comes from, where that was said.
CREATE TABLE training_questions (
    id            TEXT PRIMARY KEY,
    training      TEXT NOT NULL REFERENCES trainings (id),
    asked_by      TEXT NOT NULL,
    asked_at      TEXT NOT NULL,
    municipality  TEXT,
    text_sealed   TEXT NOT NULL,
    answer_sealed TEXT,
    answered_by   TEXT,
    answerer_sealed TEXT,
    answered_at   TEXT
);
CREATE INDEX training_questions_of ON training_questions (training, asked_at);

-- Who has given feedback, and what was given: two tables without anything that joins them, not even a time.
CREATE TABLE feedback_given (
    training TEXT NOT NULL REFERENCES trainings (id),
    attendee TEXT NOT NULL,
    PRIMARY KEY (training, attendee)
) WITHOUT ROWID;
CREATE TABLE feedback (
    id           TEXT PRIMARY KEY,
    training     TEXT NOT NULL REFERENCES trainings (id),
    satisfaction TEXT,
    usefulness   TEXT,
    pace         TEXT,
    wishes       TEXT NOT NULL,
    words_sealed TEXT
) WITHOUT ROWID;

-- Feedback begun and not sent yet: its writer's alone, under a key of its own that is destroyed when it is sent.
CREATE TABLE feedback_drafts (
    training       TEXT NOT NULL REFERENCES trainings (id),
    attendee       TEXT NOT NULL,
    answers_sealed TEXT NOT NULL,
    PRIMARY KEY (training, attendee)
);

-- Windows that show the code of the day, kept fresh until then.
CREATE TABLE check_in_screens (
    view     TEXT PRIMARY KEY,
    training TEXT NOT NULL REFERENCES trainings (id),
    person   TEXT NOT NULL,
    until    TEXT NOT NULL
);
