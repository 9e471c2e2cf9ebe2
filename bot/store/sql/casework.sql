-- name: put_contact(consultation, name_sealed, agency_sealed, phone_sealed, callable_sealed)!
INSERT INTO contacts (consultation, name_sealed, agency_sealed, phone_sealed, callable_sealed)
VALUES (:consultation, :name_sealed, :agency_sealed, :phone_sealed, :callable_sealed)
ON CONFLICT (consultation) DO UPDATE SET
    name_sealed = excluded.name_sealed, agency_sealed = excluded.agency_sealed,
    phone_sealed = excluded.phone_sealed, callable_sealed = excluded.callable_sealed

-- name: contact_of(consultation)^
SELECT * FROM contacts WHERE consultation = :consultation

-- name: write(id, consultation, kind, author, at, text_sealed)!
INSERT INTO words (id, consultation, kind, author, at, text_sealed)
VALUES (:id, :consultation, :kind, :author, :at, :text_sealed)

-- name: words_of(consultation)
-- All that was written, in order; what was written at once, in the order it is thought.
SELECT * FROM words WHERE consultation = :consultation
ORDER BY
    at,
    CASE kind WHEN 'summary' THEN 1 WHEN 'formulation' THEN 2 WHEN 'advice' THEN 3 WHEN 'next_action' THEN 4 ELSE 5 END,
    id

-- name: add_attempt(id, consultation, caller, at, outcome, next_try_at)!
INSERT INTO call_attempts (id, consultation, caller, at, outcome, next_try_at)
VALUES (:id, :consultation, :caller, :at, :outcome, :next_try_at)

-- name: attempts_of(consultation)
SELECT * FROM call_attempts WHERE consultation = :consultation ORDER BY at, id

-- name: add_hearing(id, consultation, author, at, minutes, concerns, characteristics, next_action_on)!
INSERT INTO hearings (id, consultation, author, at, minutes, concerns, characteristics, next_action_on)
VALUES (:id, :consultation, :author, :at, :minutes, :concerns, :characteristics, :next_action_on)

-- name: hearings_of(consultation)
SELECT * FROM hearings WHERE consultation = :consultation ORDER BY at, id

-- name: add_activity(id, consultation, author, entered_at, happened_on, type, place, people, minutes, travel_minutes, travel_region)!
INSERT INTO activities (id, consultation, author, entered_at, happened_on, type, place, people, minutes, travel_minutes, travel_region)
VALUES (:id, :consultation, :author, :entered_at, :happened_on, :type, :place, :people, :minutes, :travel_minutes, :travel_region)

-- name: activities_of(consultation)
SELECT * FROM activities WHERE consultation = :consultation ORDER BY happened_on, entered_at, id

-- name: keep_draft(consultation, form, saved_by, saved_at, answers_sealed)!
INSERT INTO drafts (consultation, form, saved_by, saved_at, answers_sealed)
VALUES (:consultation, :form, :saved_by, :saved_at, :answers_sealed)
ON CONFLICT (consultation, form) DO UPDATE SET
    saved_by = excluded.saved_by, saved_at = excluded.saved_at, answers_sealed = excluded.answers_sealed

-- name: draft_of(consultation, form)^
SELECT * FROM drafts WHERE consultation = :consultation AND form = :form

-- name: drafts_of(consultation)
-- Which forms were begun; what stands in them stays sealed.
SELECT form FROM drafts WHERE consultation = :consultation ORDER BY form

-- name: drop_draft(consultation, form)!
DELETE FROM drafts WHERE consultation = :consultation AND form = :form

-- name: ask_followup(id, consultation, asked_at)!
INSERT INTO followups (id, consultation, asked_at) VALUES (:id, :consultation, :asked_at)

-- name: answer_followup(id, answered_at, answer, heaviness)^
-- The latest tap counts; a second question keeps the first answer.
UPDATE followups SET
    answered_at = :answered_at, answer = COALESCE(:answer, answer), heaviness = COALESCE(:heaviness, heaviness)
WHERE id = :id
RETURNING *

-- name: followup(id)^
SELECT * FROM followups WHERE id = :id

-- name: followups_of(consultation)
SELECT * FROM followups WHERE consultation = :consultation ORDER BY asked_at, id

-- name: count(id, kind, route, at, entered_by)!
INSERT INTO counted (id, kind, route, at, entered_by) VALUES (:id, :kind, :route, :at, :entered_by)

-- name: once(key, subject, at)^
-- Answers the key when this is the first time, or nothing.
INSERT INTO done_once (key, subject, at) VALUES (:key, :subject, :at)
ON CONFLICT (key) DO NOTHING
RETURNING key

-- name: done(key)^
SELECT subject FROM done_once WHERE key = :key

-- name: forget_once(before)!
DELETE FROM done_once WHERE at < :before
