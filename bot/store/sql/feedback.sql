-- name: give(training, attendee)^
-- Answers who gave, or nothing when they had given already.
INSERT INTO feedback_given (training, attendee) VALUES (:training, :attendee)
ON CONFLICT (training, attendee) DO NOTHING RETURNING attendee

-- name: given(training, attendee)^
SELECT attendee FROM feedback_given WHERE training = :training AND attendee = :attendee

-- name: givers(training)
SELECT attendee FROM feedback_given WHERE training = :training ORDER BY attendee

-- name: forget_givers(training)!
DELETE FROM feedback_given WHERE training = :training

-- name: keep_giver(training, attendee)!
INSERT INTO feedback_given (training, attendee) VALUES (:training, :attendee)

-- name: of_training(training)
-- What was said, in the order of names drawn by lot.
SELECT id, training, satisfaction, usefulness, pace, wishes, words_sealed FROM feedback
WHERE training = :training ORDER BY id

-- name: forget(training)!
DELETE FROM feedback WHERE training = :training

-- name: keep(id, training, satisfaction, usefulness, pace, wishes, words_sealed)!
INSERT INTO feedback (id, training, satisfaction, usefulness, pace, wishes, words_sealed)
VALUES (:id, :training, :satisfaction, :usefulness, :pace, :wishes, :words_sealed)

-- name: keep_draft(training, attendee, answers_sealed)!
INSERT INTO feedback_drafts (training, attendee, answers_sealed) VALUES (:training, :attendee, :answers_sealed)
ON CONFLICT (training, attendee) DO UPDATE SET answers_sealed = excluded.answers_sealed

-- name: draft_of(training, attendee)^
SELECT answers_sealed FROM feedback_drafts WHERE training = :training AND attendee = :attendee

-- name: drop_draft(training, attendee)^
DELETE FROM feedback_drafts WHERE training = :training AND attendee = :attendee RETURNING attendee
