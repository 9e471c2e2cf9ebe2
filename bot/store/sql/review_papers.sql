-- name: keep_brief(review, written_by, written_at, agreement, agreed_on, approved_by, approved_at, words_sealed, version)!
INSERT INTO briefs (review, written_by, written_at, agreement, agreed_on, approved_by, approved_at, words_sealed, version)
VALUES (:review, :written_by, :written_at, :agreement, :agreed_on, :approved_by, :approved_at, :words_sealed, :version)

-- name: move_brief(review, was, written_by, written_at, agreement, agreed_on, approved_by, approved_at, words_sealed)^
-- One step, taken only from the version we believe it has. Answers its review, or nothing.
UPDATE briefs SET version = version + 1, written_by = :written_by, written_at = :written_at, agreement = :agreement,
    agreed_on = :agreed_on, approved_by = :approved_by, approved_at = :approved_at, words_sealed = :words_sealed
WHERE review = :review AND version = :was
RETURNING review

-- name: brief(review)^
SELECT * FROM briefs WHERE review = :review

-- name: keep_notes(review, written_by, written_at, approved_by, approved_at, words_sealed, version)!
INSERT INTO review_notes (review, written_by, written_at, approved_by, approved_at, words_sealed, version)
VALUES (:review, :written_by, :written_at, :approved_by, :approved_at, :words_sealed, :version)

-- name: move_notes(review, was, written_by, written_at, approved_by, approved_at, words_sealed)^
UPDATE review_notes SET version = version + 1, written_by = :written_by, written_at = :written_at,
    approved_by = :approved_by, approved_at = :approved_at, words_sealed = :words_sealed
WHERE review = :review AND version = :was
RETURNING review

-- name: notes(review)^
SELECT * FROM review_notes WHERE review = :review

-- name: sit(review, begun_at, begun_by, step, step_at, ended_at)!
INSERT INTO review_sittings (review, begun_at, begun_by, step, step_at, ended_at)
VALUES (:review, :begun_at, :begun_by, :step, :step_at, :ended_at)
ON CONFLICT (review) DO UPDATE SET step = excluded.step, step_at = excluded.step_at, ended_at = excluded.ended_at

-- name: sitting(review)^
SELECT * FROM review_sittings WHERE review = :review

-- name: rise(review)!
DELETE FROM review_sittings WHERE review = :review

-- name: attend(review, staff, minutes, honorarium)!
INSERT INTO review_attendance (review, staff, minutes, honorarium) VALUES (:review, :staff, :minutes, :honorarium)
ON CONFLICT (review, staff) DO UPDATE SET minutes = excluded.minutes, honorarium = excluded.honorarium

-- name: forget_attendance(review)!
DELETE FROM review_attendance WHERE review = :review

-- name: attended(review)
SELECT * FROM review_attendance WHERE review = :review ORDER BY staff

-- name: set_task(id, review, place, staff, due, done_at, done_by, text_sealed)!
INSERT INTO review_tasks (id, review, place, staff, due, done_at, done_by, text_sealed)
VALUES (:id, :review, :place, :staff, :due, :done_at, :done_by, :text_sealed)

-- name: forget_tasks(review)!
DELETE FROM review_tasks WHERE review = :review

-- name: tasks(review)
SELECT * FROM review_tasks WHERE review = :review ORDER BY place

-- name: task(id)^
SELECT * FROM review_tasks WHERE id = :id

-- name: do_task(id, done_at, done_by)^
-- Answers its id, or nothing where it was done before.
UPDATE review_tasks SET done_at = :done_at, done_by = :done_by WHERE id = :id AND done_at IS NULL RETURNING id

-- name: tasks_of(staff)
-- They are theirs once the notes are approved.
SELECT t.* FROM review_tasks AS t JOIN reviews AS r ON r.id = t.review
WHERE t.staff = :staff AND t.done_at IS NULL AND r.stage = 'approved' ORDER BY t.due, t.id

-- name: tasks_due(until)
SELECT t.* FROM review_tasks AS t JOIN reviews AS r ON r.id = t.review
WHERE t.done_at IS NULL AND t.due <= :until AND r.stage = 'approved' ORDER BY t.due, t.id

-- name: approved_at(review)^
SELECT approved_at FROM review_notes WHERE review = :review

-- name: with_brief()
SELECT review FROM briefs ORDER BY review

-- name: brief_approved_at(review)^
SELECT approved_at FROM briefs WHERE review = :review

-- name: lies(file_id, review, staff, paper, at)!
INSERT INTO review_files (file_id, review, staff, paper, at) VALUES (:file_id, :review, :staff, :paper, :at)
ON CONFLICT (file_id) DO NOTHING

-- name: files()
SELECT * FROM review_files ORDER BY at, file_id

-- name: taken_away(file_id)^
-- Answers its id, or nothing where somebody took it away before.
DELETE FROM review_files WHERE file_id = :file_id RETURNING file_id

-- name: running()
SELECT review FROM review_sittings WHERE ended_at IS NULL ORDER BY review

-- name: over_unsaid()
-- The time of these is over, and nobody began them here.
SELECT r.id FROM reviews AS r
WHERE r.stage = 'held' AND NOT EXISTS (SELECT 1 FROM review_sittings AS s WHERE s.review = r.id) ORDER BY r.id

-- name: advise(review, told_by, told_at, words_sealed)!
INSERT INTO review_advice (review, told_by, told_at, words_sealed) VALUES (:review, :told_by, :told_at, :words_sealed)
ON CONFLICT (review) DO UPDATE SET told_by = excluded.told_by, told_at = excluded.told_at, words_sealed = excluded.words_sealed

-- name: advised(since, until)
-- Whose supporter has no Slack: somebody else asks them how it went.
SELECT a.review FROM review_advice AS a JOIN reviews AS r ON r.id = a.review JOIN consultations AS c ON c.id = r.consultation
WHERE a.told_at >= :since AND a.told_at < :until AND c.supporter IS NULL ORDER BY a.told_at, a.review

-- name: advice(review)^
SELECT * FROM review_advice WHERE review = :review

-- name: shred_brief(review)!
-- The page is for those who came; what was found stays in the notes.
DELETE FROM briefs WHERE review = :review

-- name: printed(review, printed_at)!
-- The first of what is still to be collected counts; what is printed after that was done is to be collected anew.
INSERT INTO review_prints (review, printed_at) VALUES (:review, :printed_at)
ON CONFLICT (review) DO UPDATE SET printed_at = excluded.printed_at, asked_at = NULL, collected_at = NULL, collected_by = NULL
WHERE review_prints.collected_at IS NOT NULL

-- name: prints(review)^
SELECT * FROM review_prints WHERE review = :review

-- name: prints_unasked()
-- Those that nobody collected and nobody was asked about, of reviews that are over.
SELECT p.review FROM review_prints AS p JOIN reviews AS r ON r.id = p.review
WHERE p.collected_at IS NULL AND p.asked_at IS NULL AND r.stage IN ('held', 'approved', 'cancelled')
ORDER BY p.printed_at, p.review

-- name: asked_for_prints(review, asked_at)^
-- Answers the review, or nothing where somebody was asked, or they were collected, before.
UPDATE review_prints SET asked_at = :asked_at
WHERE review = :review AND asked_at IS NULL AND collected_at IS NULL RETURNING review

-- name: collected(review, collected_at, collected_by)^
-- Answers the review, or nothing where they were collected before.
UPDATE review_prints SET collected_at = :collected_at, collected_by = :collected_by
WHERE review = :review AND collected_at IS NULL RETURNING review
