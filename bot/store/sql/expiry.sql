-- name: due(closed_before, withdrawn_before, held, most)
-- Ended consultations whose time is over, the longest ended first: those that nothing holds back, or (`held` 1) the others.
-- What was merged into one goes with it, and where that had been asked to be forgotten, not before the longer of both times.
-- (Where a backup brought back a merge that had been undone before the other one was destroyed, it counts from the merge.)
SELECT c.*, CASE WHEN c.status = 'withdrawn' AND NOT EXISTS (
    SELECT 1 FROM consultations AS m WHERE m.merged_into = c.id AND m.status = 'merged' AND m.expired_at IS NULL
) THEN 'withdrawn' ELSE 'consultation' END AS kind
FROM consultations AS c
WHERE c.expired_at IS NULL AND c.ended_at IS NOT NULL
  AND (
    (c.status = 'closed' AND c.ended_at < :closed_before)
    OR (c.status = 'withdrawn' AND c.ended_at < :withdrawn_before AND (c.ended_at < :closed_before OR NOT EXISTS (
        SELECT 1 FROM consultations AS m WHERE m.merged_into = c.id AND m.status = 'merged' AND m.expired_at IS NULL
    )))
    OR (c.status = 'merged' AND c.ended_at < :closed_before AND EXISTS (
        SELECT 1 FROM consultations AS into_it WHERE into_it.id = c.merged_into AND into_it.expired_at IS NOT NULL
    ))
  )
  AND CASE WHEN c.id IN (SELECT id FROM held_back) THEN 1 ELSE 0 END = :held
ORDER BY c.ended_at, c.id
LIMIT :most

-- name: merged()
SELECT id, merged_into FROM consultations WHERE status = 'merged' AND merged_into IS NOT NULL AND expired_at IS NULL

-- name: lies_still(id)^
SELECT id FROM consultations
WHERE id = :id AND expired_at IS NULL AND status IN ('closed', 'withdrawn', 'merged')
  AND id NOT IN (SELECT id FROM held_back)

-- name: near(closed_before)
-- Closed ones whose time is over soon, without a record of this closing: nothing but codes would stay of them.
SELECT c.* FROM consultations AS c
WHERE c.expired_at IS NULL AND c.status = 'closed' AND c.ended_at < :closed_before
  AND c.id NOT IN (SELECT id FROM held_back)
  AND NOT EXISTS (
    SELECT 1 FROM record_links AS l WHERE l.consultation = c.id AND l.at >= c.ended_at
  )
ORDER BY c.ended_at, c.id

-- name: lock(root)
-- A consultation and all that was merged into it, over any number of steps. (PostgreSQL holds the rows.)
WITH RECURSIVE down (id) AS (
    SELECT CAST(:root AS TEXT)
    UNION
    SELECT c.id FROM consultations AS c JOIN down ON c.merged_into = down.id WHERE c.status = 'merged'
)
SELECT c.id, c.status, c.ended_at, c.expired_at, c.supporter FROM consultations AS c
WHERE c.id IN (SELECT id FROM down) ORDER BY c.id

-- name: held_among(ids)
-- Which of these are held back themselves: one JSON list of ids.
SELECT h.consultation FROM holds AS h JOIN json_each(:ids) AS asked ON asked.value = h.consultation
WHERE h.lifted_at IS NULL

-- name: count_consultation(id, named)^
SELECT
    (SELECT COUNT(*) FROM contacts WHERE consultation = :id) AS contacts,
    (SELECT COUNT(*) FROM words WHERE consultation = :id) AS words,
    (SELECT COUNT(*) FROM drafts WHERE consultation = :id) AS drafts,
    (SELECT COUNT(*) FROM case_names WHERE consultation = :id) AS case_names,
    (SELECT COUNT(*) FROM record_links WHERE consultation = :id) AS record_links,
    (SELECT COUNT(*) FROM packages WHERE consultation = :id AND COALESCE(content_sealed, reply_sealed) IS NOT NULL) AS packages,
    (SELECT COUNT(*) FROM handover_receivers
        WHERE consultation = :id AND COALESCE(office_sealed, person, agency) IS NOT NULL) AS handover_receivers,
    (SELECT COUNT(*) FROM agreements WHERE consultation = :id) AS agreements,
    (SELECT COUNT(*) FROM agreement_withdrawals AS w JOIN agreements AS a ON a.id = w.agreement
        WHERE a.consultation = :id) AS agreement_withdrawals,
    (SELECT COUNT(*) FROM reviews WHERE consultation = :id AND words_sealed IS NOT NULL) AS reviews,
    (SELECT COUNT(*) FROM review_answers AS p JOIN review_slots AS s ON s.id = p.slot JOIN reviews AS r ON r.id = s.review
        WHERE r.consultation = :id AND p.note_sealed IS NOT NULL) AS review_answers,
    (SELECT COUNT(*) FROM briefs AS b JOIN reviews AS r ON r.id = b.review WHERE r.consultation = :id) AS briefs,
    (SELECT COUNT(*) FROM review_notes AS n JOIN reviews AS r ON r.id = n.review WHERE r.consultation = :id) AS review_notes,
    (SELECT COUNT(*) FROM review_tasks AS t JOIN reviews AS r ON r.id = t.review WHERE r.consultation = :id) AS review_tasks,
    (SELECT COUNT(*) FROM review_advice AS a JOIN reviews AS r ON r.id = a.review WHERE r.consultation = :id) AS review_advice,
    (SELECT COUNT(*) FROM review_prints AS p JOIN reviews AS r ON r.id = p.review WHERE r.consultation = :id) AS review_prints,
    (SELECT COUNT(*) FROM timers WHERE subject = :id) AS timers,
    (SELECT COUNT(*) FROM done_once WHERE subject = :id) AS done_once,
    (SELECT COUNT(*) FROM outbox WHERE NOT (op = 'card' AND template = 'card') AND (
        subject = :id
        OR subject IN (SELECT f.id FROM followups AS f WHERE f.consultation = :id)
        OR (subject = '' AND facts LIKE :named)
        OR EXISTS (SELECT 1 FROM reviews AS r WHERE r.consultation = :id AND subject LIKE r.id || '/%')
    )) AS outbox

-- name: shred_contacts(id)!
DELETE FROM contacts WHERE consultation = :id

-- name: shred_words(id)!
DELETE FROM words WHERE consultation = :id

-- name: shred_drafts(id)!
DELETE FROM drafts WHERE consultation = :id

-- name: shred_case_names(id)!
DELETE FROM case_names WHERE consultation = :id

-- name: shred_receivers(id)!
UPDATE handover_receivers SET office_sealed = NULL, agency = NULL, person = NULL WHERE consultation = :id

-- name: shred_withdrawals(id)!
UPDATE agreement_withdrawals SET recorded_by = ''
WHERE agreement IN (SELECT a.id FROM agreements AS a WHERE a.consultation = :id)

-- name: shred_agreements(id)!
UPDATE agreements SET explained_by = '', recorded_by = '' WHERE consultation = :id

-- name: shred_packages(id)!
UPDATE packages SET
    content_sealed = NULL, reply_sealed = NULL, made_by = '', sent_by = NULL, answered_through = NULL,
    token_hash = NULL, token_until = NULL
WHERE consultation = :id

-- name: shred_reviews(id)!
-- Who sat how long stays, for the hours; what it was about goes, and one that is still open is over.
UPDATE reviews SET
    words_sealed = NULL, ended_because = CASE WHEN stage IN ('planned', 'polling', 'fixed') THEN 'other' ELSE ended_because END,
    stage = CASE WHEN stage IN ('planned', 'polling', 'fixed') THEN 'cancelled' ELSE stage END
WHERE consultation = :id

-- name: shred_review_notes(id)!
UPDATE review_answers SET note_sealed = NULL WHERE slot IN (
    SELECT s.id FROM review_slots AS s JOIN reviews AS r ON r.id = s.review WHERE r.consultation = :id
)

-- name: shred_review_briefs(id)!
DELETE FROM briefs WHERE review IN (SELECT r.id FROM reviews AS r WHERE r.consultation = :id)

-- name: shred_review_records(id)!
DELETE FROM review_notes WHERE review IN (SELECT r.id FROM reviews AS r WHERE r.consultation = :id)

-- name: shred_review_tasks(id)!
DELETE FROM review_tasks WHERE review IN (SELECT r.id FROM reviews AS r WHERE r.consultation = :id)

-- name: shred_review_advice(id)!
DELETE FROM review_advice WHERE review IN (SELECT r.id FROM reviews AS r WHERE r.consultation = :id)

-- name: shred_review_prints(id)!
DELETE FROM review_prints WHERE review IN (SELECT r.id FROM reviews AS r WHERE r.consultation = :id)

-- name: shred_links(id)!
-- The record stands alone from now on.
DELETE FROM record_links WHERE consultation = :id

-- name: shred_timers(id)!
DELETE FROM timers WHERE subject = :id

-- name: shred_marks(id)!
DELETE FROM done_once WHERE subject = :id

-- name: shred_messages(id, named)!
-- What was said about it tells to whom. The card in the desk's own channel tells codes only, and is drawn no more.
DELETE FROM outbox
WHERE NOT (op = 'card' AND template = 'card') AND (
    subject = :id
    OR subject IN (SELECT f.id FROM followups AS f WHERE f.consultation = :id)
    OR (subject = '' AND facts LIKE :named)
    OR EXISTS (SELECT 1 FROM reviews AS r WHERE r.consultation = :id AND subject LIKE r.id || '/%')
)

-- name: shred_people(id, now)!
-- Codes stay, for the counts; who it was goes.
UPDATE consultations SET
    supporter = NULL, entered_by = NULL, counselor = NULL, handover_to = NULL, expired_at = :now, version = version + 1
WHERE id = :id

-- name: end(id, status, now)!
UPDATE consultations SET status = :status, ended_at = COALESCE(ended_at, :now)
WHERE id = :id AND status NOT IN ('closed', 'withdrawn', 'merged')

-- name: trainings_due(kind, before, most)
-- Trainings that are over for so long and whose sealed words of this kind are not destroyed yet.
SELECT t.id, t.ended_at FROM trainings AS t
WHERE t.stage IN ('held', 'cancelled', 'dropped') AND t.ended_at < :before
  AND NOT EXISTS (SELECT 1 FROM destructions AS d WHERE d.subject = t.id AND d.kind = :kind)
ORDER BY t.ended_at, t.id
LIMIT :most

-- name: drafts_due(before, most)
-- Trainings that are over for so long and for which somebody began to say something and did not send it.
SELECT DISTINCT t.id, t.ended_at FROM trainings AS t JOIN feedback_drafts AS d ON d.training = t.id
WHERE t.stage IN ('held', 'cancelled', 'dropped') AND t.ended_at < :before
ORDER BY t.ended_at, t.id
LIMIT :most

-- name: every_training()
SELECT id FROM trainings

-- name: every_consultation()
SELECT id, status FROM consultations WHERE expired_at IS NULL

-- name: lock_training(id)^
-- Its row, without opening what is sealed. (PostgreSQL holds it.)
SELECT COALESCE(ended_at, ends_at, created_at) AS ended_at FROM trainings WHERE id = :id

-- name: cells(training)
-- Everything sealed under the key of a training, and its place.
SELECT 'trainings' AS place, 'private' AS part, id, private_sealed AS sealed FROM trainings
WHERE id = :training AND private_sealed IS NOT NULL
UNION ALL
SELECT 'participations', 'answers', id, answers_sealed FROM participations
WHERE training = :training AND answers_sealed IS NOT NULL
UNION ALL
SELECT 'training_questions', 'text', id, text_sealed FROM training_questions WHERE training = :training
UNION ALL
SELECT 'training_questions', 'answer', id, answer_sealed FROM training_questions
WHERE training = :training AND answer_sealed IS NOT NULL
UNION ALL
SELECT 'training_questions', 'answerer', id, answerer_sealed FROM training_questions
WHERE training = :training AND answerer_sealed IS NOT NULL
UNION ALL
SELECT 'feedback', 'words', id, words_sealed FROM feedback WHERE training = :training AND words_sealed IS NOT NULL

-- name: certified(training)
-- Who has a certificate for it.
SELECT c.participation FROM certificates AS c JOIN participations AS p ON p.id = c.participation
WHERE p.training = :training AND c.name_hash <> ''

-- name: keep_trainings_private(id, sealed)!
UPDATE trainings SET private_sealed = :sealed WHERE id = :id

-- name: keep_participations_answers(id, sealed)!
UPDATE participations SET answers_sealed = :sealed WHERE id = :id

-- name: keep_training_questions_text(id, sealed)!
UPDATE training_questions SET text_sealed = :sealed WHERE id = :id

-- name: keep_training_questions_answer(id, sealed)!
UPDATE training_questions SET answer_sealed = :sealed WHERE id = :id

-- name: keep_training_questions_answerer(id, sealed)!
UPDATE training_questions SET answerer_sealed = :sealed WHERE id = :id

-- name: keep_feedback_words(id, sealed)!
UPDATE feedback SET words_sealed = :sealed WHERE id = :id

-- name: shred_questions(training)!
DELETE FROM training_questions WHERE training = :training

-- name: shred_invited(training)!
DELETE FROM training_invitees WHERE training = :training

-- name: shred_screens(training)!
DELETE FROM check_in_screens WHERE training = :training

-- name: shred_givers(training)!
DELETE FROM feedback_given WHERE training = :training

-- name: shred_names(training)!
-- Number and code of a certificate still verify; the name on it does not any more.
UPDATE certificates SET name_hash = ''
WHERE participation IN (SELECT p.id FROM participations AS p WHERE p.training = :training)

-- name: attendees(training)
SELECT id, attendee FROM participations WHERE training = :training

-- name: shred_attendee(id, attendee, person)!
-- Who took part keeps a name that tells nobody who, so that people are still counted once; `person` 1: who it was goes.
UPDATE participations SET
    attendee = :attendee,
    person = CASE WHEN :person = 1 THEN NULL ELSE person END,
    entered_by = CASE WHEN :person = 1 THEN NULL ELSE entered_by END
WHERE id = :id

-- name: drafts_of(training)
SELECT attendee FROM feedback_drafts WHERE training = :training

-- name: shred_feedback_drafts(training)!
DELETE FROM feedback_drafts WHERE training = :training
