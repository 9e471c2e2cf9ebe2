-- name: next_serial(fiscal_year)^
-- The next number of a fiscal year.
INSERT INTO training_serials (fiscal_year, last) VALUES (:fiscal_year, 1)
ON CONFLICT (fiscal_year) DO UPDATE SET last = training_serials.last + 1
RETURNING last

-- name: add(id, number, fiscal_year, stage, kind, organizer, created_at, starts_at, ends_at, deadline, plan, private_sealed, channels, announce_at, announced_at, ended_at, ended_because, edition, last_turn, codes_version, version)!
INSERT INTO trainings (
    id, number, fiscal_year, stage, kind, organizer, created_at, starts_at, ends_at, deadline, plan, private_sealed,
    channels, announce_at, announced_at, ended_at, ended_because, edition, last_turn, codes_version, version
) VALUES (
    :id, :number, :fiscal_year, :stage, :kind, :organizer, :created_at, :starts_at, :ends_at, :deadline, :plan,
    :private_sealed, :channels, :announce_at, :announced_at, :ended_at, :ended_because, :edition, :last_turn,
    :codes_version, :version
)

-- name: get(id)^
SELECT * FROM trainings WHERE id = :id

-- name: hold(id)^
-- SQLite has one writer: what it reads stays so until the commit. (PostgreSQL holds the row.)
SELECT * FROM trainings WHERE id = :id

-- name: move(id, was, fiscal_year, stage, kind, organizer, starts_at, ends_at, deadline, plan, keep_private, private_sealed, channels, announce_at, announced_at, ended_at, ended_because, edition, last_turn)^
-- One step, taken only from the version we believe it has. Answers its id, or nothing.
UPDATE trainings SET
    version = version + 1, fiscal_year = :fiscal_year, stage = :stage, kind = :kind, organizer = :organizer, starts_at = :starts_at,
    ends_at = :ends_at, deadline = :deadline, plan = :plan,
    private_sealed = CASE WHEN :keep_private = 1 THEN private_sealed ELSE :private_sealed END, channels = :channels,
    announce_at = :announce_at, announced_at = :announced_at, ended_at = :ended_at, ended_because = :ended_because,
    edition = :edition, last_turn = :last_turn
WHERE id = :id AND version = :was
RETURNING id

-- name: sessions_removed(training)
-- Those that were taken out.
SELECT * FROM training_sessions WHERE training = :training AND removed = 1 ORDER BY starts_at, id

-- name: keep_session(id, training, starts_at, ends_at)!
INSERT INTO training_sessions (id, training, starts_at, ends_at) VALUES (:id, :training, :starts_at, :ends_at)
ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, removed = 0

-- name: remove_session(id)!
UPDATE training_sessions SET removed = 1 WHERE id = :id

-- name: to_come(since)
-- Everything an organizer has before them, and what was over since then.
SELECT * FROM trainings
WHERE stage IN ('draft', 'scheduled') OR (stage = 'announced')
   OR (stage IN ('held', 'cancelled') AND ends_at >= :since)
ORDER BY COALESCE(starts_at, created_at), number

-- name: open_ones(now)
-- Announced, and not over yet: soonest first.
SELECT * FROM trainings WHERE stage = 'announced' AND ends_at >= :now ORDER BY starts_at, number

-- name: ended(now)
-- Announced, and their last session is over: to be noted as held.
SELECT * FROM trainings WHERE stage = 'announced' AND ends_at <= :now ORDER BY ends_at, number

-- name: held_since(since)
-- Announced or held, newest first: what can be copied or looked up.
SELECT * FROM trainings
WHERE stage NOT IN ('dropped') AND created_at >= :since ORDER BY COALESCE(starts_at, created_at) DESC, number DESC

-- name: of_year(fiscal_year)
-- Those that were held in a fiscal year, in order.
SELECT * FROM trainings WHERE fiscal_year = :fiscal_year AND stage = 'held' ORDER BY starts_at, number

-- name: note_change(training, edition, at, by, changed)!
INSERT INTO training_changes (training, edition, at, by, changed) VALUES (:training, :edition, :at, :by, :changed)

-- name: change(training, edition)^
SELECT * FROM training_changes WHERE training = :training AND edition = :edition

-- name: invite(training, person, invited_at, municipality)^
-- Answers the person, or nothing when they were invited already.
INSERT INTO training_invitees (training, person, invited_at, municipality)
VALUES (:training, :person, :invited_at, :municipality)
ON CONFLICT (training, person) DO NOTHING RETURNING person

-- name: invite_from(training, person, municipality)!
-- For which municipality somebody is asked to come; the last word counts.
UPDATE training_invitees SET municipality = :municipality WHERE training = :training AND person = :person

-- name: invitees(training)
SELECT person, municipality FROM training_invitees WHERE training = :training ORDER BY invited_at, person

-- name: unanswered(training)
-- Who was invited and has no answer here, neither yes nor no.
SELECT i.person FROM training_invitees AS i
WHERE i.training = :training AND NOT EXISTS (
    SELECT 1 FROM participations AS p WHERE p.training = i.training AND p.person = i.person
)
ORDER BY i.invited_at, i.person
