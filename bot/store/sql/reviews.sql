-- name: last_round(consultation)^
SELECT COALESCE(MAX(round), 0) AS last FROM reviews WHERE consultation = :consultation

-- name: add(id, consultation, round, fiscal_year, stage, convener, created_at, plan, words_sealed, deadline, starts_at, ends_at, ended_at, ended_because, edition, codes_version, version)!
INSERT INTO reviews (
    id, consultation, round, fiscal_year, stage, convener, created_at, plan, words_sealed, deadline, starts_at, ends_at,
    ended_at, ended_because, edition, codes_version, version
) VALUES (
    :id, :consultation, :round, :fiscal_year, :stage, :convener, :created_at, :plan, :words_sealed, :deadline,
    :starts_at, :ends_at, :ended_at, :ended_because, :edition, :codes_version, :version
)

-- name: get(id)^
SELECT * FROM reviews WHERE id = :id

-- name: hold(id)^
-- SQLite has one writer: what it reads stays so until the commit. (PostgreSQL holds the row.)
SELECT * FROM reviews WHERE id = :id

-- name: move(id, was, fiscal_year, stage, convener, plan, words_sealed, deadline, starts_at, ends_at, ended_at, ended_because, edition)^
-- One step, taken only from the version we believe it has. Answers its id, or nothing.
UPDATE reviews SET
    version = version + 1, fiscal_year = :fiscal_year, stage = :stage, convener = :convener, plan = :plan,
    words_sealed = :words_sealed, deadline = :deadline, starts_at = :starts_at, ends_at = :ends_at,
    ended_at = :ended_at, ended_because = :ended_because, edition = :edition
WHERE id = :id AND version = :was
RETURNING id

-- name: of_consultation(consultation)
SELECT * FROM reviews WHERE consultation = :consultation ORDER BY round

-- name: before_us(since)
-- What is open, and what ended since then.
SELECT * FROM reviews
WHERE stage IN ('planned', 'polling', 'fixed', 'held') OR ended_at >= :since
ORDER BY COALESCE(starts_at, deadline, created_at), id

-- name: of_person(staff, since)
SELECT r.* FROM reviews AS r JOIN review_people AS p ON p.review = r.id
WHERE p.staff = :staff AND p.left_at IS NULL
    AND (r.stage IN ('planned', 'polling', 'fixed', 'held') OR r.ended_at >= :since)
ORDER BY COALESCE(r.starts_at, r.deadline, r.created_at), r.id

-- name: invite(review, staff, discipline, role, required, invited_at, answered_at, left_at, left_because, part)!
INSERT INTO review_people (
    review, staff, discipline, role, required, invited_at, answered_at, left_at, left_because, part
)
VALUES (:review, :staff, :discipline, :role, :required, :invited_at, :answered_at, :left_at, :left_because, :part)
ON CONFLICT (review, staff) DO UPDATE SET
    discipline = excluded.discipline, role = excluded.role, required = excluded.required,
    invited_at = excluded.invited_at, answered_at = excluded.answered_at, left_at = excluded.left_at,
    left_because = excluded.left_because, part = excluded.part

-- name: seats(review)
SELECT * FROM review_people WHERE review = :review ORDER BY invited_at, staff

-- name: offer(review, id, starts_at, ends_at, withdrawn)!
INSERT INTO review_slots (id, review, starts_at, ends_at, withdrawn)
VALUES (:id, :review, :starts_at, :ends_at, :withdrawn)
ON CONFLICT (id) DO UPDATE SET withdrawn = excluded.withdrawn

-- name: slots(review)
SELECT * FROM review_slots WHERE review = :review ORDER BY starts_at, id

-- name: answer(slot, staff, says, at, note_sealed)!
-- The last answer counts.
INSERT INTO review_answers (slot, staff, says, at, note_sealed) VALUES (:slot, :staff, :says, :at, :note_sealed)
ON CONFLICT (slot, staff) DO UPDATE SET says = excluded.says, at = excluded.at, note_sealed = excluded.note_sealed

-- name: answers(review)
SELECT a.* FROM review_answers AS a JOIN review_slots AS s ON s.id = a.slot
WHERE s.review = :review ORDER BY s.starts_at, s.id, a.staff

-- name: consultation_of(review)^
SELECT consultation FROM reviews WHERE id = :review

-- name: open_diary(staff, at)!
-- Whoever opens it next waits until the commit.
INSERT INTO review_diaries (staff, opened_at) VALUES (:staff, :at)
ON CONFLICT (staff) DO UPDATE SET opened_at = excluded.opened_at

-- name: times(since)
-- What everybody is given, and was given, since then.
SELECT p.staff, r.id AS review, r.stage, r.starts_at, r.ends_at, r.fiscal_year
FROM review_people AS p JOIN reviews AS r ON r.id = p.review
WHERE r.stage IN ('fixed', 'held', 'approved') AND r.ends_at >= :since
    AND p.left_at IS NULL AND p.part IN ('chosen', 'welcome')
ORDER BY r.starts_at, r.id

-- name: open_seats(staff)
-- What somebody is still invited to.
SELECT r.id AS review, r.consultation FROM review_people AS p JOIN reviews AS r ON r.id = p.review
WHERE p.staff = :staff AND p.left_at IS NULL AND r.stage IN ('planned', 'polling', 'fixed')
ORDER BY r.consultation, r.id

-- name: guests()
-- Everybody who is still invited to something.
SELECT DISTINCT p.staff FROM review_people AS p JOIN reviews AS r ON r.id = p.review
WHERE p.left_at IS NULL AND r.stage IN ('planned', 'polling', 'fixed') ORDER BY p.staff
