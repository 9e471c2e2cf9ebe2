-- name: ask(id, training, asked_by, asked_at, municipality, text_sealed)!
INSERT INTO training_questions (id, training, asked_by, asked_at, municipality, text_sealed)
VALUES (:id, :training, :asked_by, :asked_at, :municipality, :text_sealed)

-- name: get(id)^
SELECT * FROM training_questions WHERE id = :id

-- name: of_training(training)
-- Every question, in the order they were asked.
SELECT * FROM training_questions WHERE training = :training ORDER BY asked_at, id

-- name: answer(id, answer_sealed, answerer_sealed, answered_by, answered_at)!
-- The last answer counts.
UPDATE training_questions SET answer_sealed = :answer_sealed, answerer_sealed = :answerer_sealed,
    answered_by = :answered_by, answered_at = :answered_at
WHERE id = :id

-- name: counted(training)^
-- How many questions were asked, and how many of them have an answer.
SELECT COUNT(*) AS asked, COUNT(answered_at) AS answered FROM training_questions WHERE training = :training

-- name: places_said(training)
-- Where those who were asked to come, or have answered, ever said they come from, at whatever training: the last one last.
SELECT p.person, p.municipality FROM participations AS p
WHERE p.municipality IS NOT NULL AND p.person IN (
    SELECT i.person FROM training_invitees AS i WHERE i.training = :training
    UNION
    SELECT o.person FROM participations AS o WHERE o.training = :training AND o.person IS NOT NULL
)
ORDER BY p.joined_at, p.id
