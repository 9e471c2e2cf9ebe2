-- name: add(id, training, attendee, person, format, status, turn, joined_at, offered_at, offer_expires_at, entered_by, route, supporter_field, organization_type, occupation, municipality, region, walk_in, reminders, calendar, practice, version)!
INSERT INTO participations (
    id, training, attendee, person, format, status, turn, joined_at, offered_at, offer_expires_at, entered_by, route,
    supporter_field, organization_type, occupation, municipality, region, walk_in, reminders, calendar, practice, version
) VALUES (
    :id, :training, :attendee, :person, :format, :status, :turn, :joined_at, :offered_at, :offer_expires_at,
    :entered_by, :route, :supporter_field, :organization_type, :occupation, :municipality, :region, :walk_in,
    :reminders, :calendar, :practice, :version
)

-- name: get(id)^
SELECT * FROM participations WHERE id = :id

-- name: by_attendee(training, attendee)^
SELECT * FROM participations WHERE training = :training AND attendee = :attendee

-- name: move(id, was, format, status, turn, joined_at, offered_at, offer_expires_at, entered_by, route, supporter_field, organization_type, occupation, municipality, region, walk_in, reminders, calendar, practice)^
-- One step, taken only from the version we believe it has. Answers its id, or nothing.
UPDATE participations SET
    version = version + 1, format = :format, status = :status, turn = :turn, joined_at = :joined_at,
    offered_at = :offered_at, offer_expires_at = :offer_expires_at, entered_by = :entered_by, route = :route,
    supporter_field = :supporter_field, organization_type = :organization_type, occupation = :occupation,
    municipality = :municipality, region = :region, walk_in = :walk_in, reminders = :reminders, calendar = :calendar,
    practice = :practice
WHERE id = :id AND version = :was
RETURNING id

-- name: of_training(training)
-- Everybody who ever answered, in the order they asked.
SELECT * FROM participations WHERE training = :training ORDER BY turn, id

-- name: of_person(person)
-- A person's own, newest training first.
SELECT p.* FROM participations AS p JOIN trainings AS t ON t.id = p.training
WHERE p.person = :person ORDER BY t.starts_at DESC, p.id

-- name: known_of(person, training)
-- What a person said of themselves in their other trainings, the newest first.
SELECT supporter_field, organization_type, occupation, municipality FROM participations
WHERE person = :person AND training <> :training AND (
    supporter_field IS NOT NULL OR organization_type IS NOT NULL OR occupation IS NOT NULL OR municipality IS NOT NULL
)
ORDER BY joined_at DESC, id
LIMIT 50

-- name: write_answers(id, sealed)!
UPDATE participations SET answers_sealed = :sealed WHERE id = :id

-- name: mark(participation, session, status, minutes, how, at, by)!
INSERT INTO attendances (participation, session, status, minutes, how, at, by)
VALUES (:participation, :session, :status, :minutes, :how, :at, :by)
ON CONFLICT (participation, session) DO UPDATE SET
    status = excluded.status, minutes = excluded.minutes, how = excluded.how, at = excluded.at, by = excluded.by

-- name: marks_of_training(training)
SELECT a.* FROM attendances AS a JOIN participations AS p ON p.id = a.participation
WHERE p.training = :training ORDER BY a.at, a.participation, a.session

-- name: marks_of(participation)
SELECT * FROM attendances WHERE participation = :participation ORDER BY at, session

-- name: minutes_in_year(attendee, since, until)^
-- Minutes somebody attended in the sessions that began in this stretch of time.
SELECT COALESCE(SUM(a.minutes), 0) AS minutes
FROM attendances AS a
JOIN participations AS p ON p.id = a.participation
JOIN training_sessions AS s ON s.id = a.session
WHERE p.attendee = :attendee AND s.starts_at >= :since AND s.starts_at < :until AND s.removed = 0
